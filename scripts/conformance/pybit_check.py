"""pybit, unmodified but for its addresses, trades on the loopback Bybit: it opens a position, protects
it, is refused what Bybit refuses, closes, and hears of all of it on its streams; it trades over the
trade WebSocket too, keeps an order book, and signs with an RSA key.

Usage: pybit_check.py ADDRESSES, the JSON line that `quarterdeck simulate` prints.
"""

import subprocess
import time
import uuid
from decimal import Decimal

import pybit._websocket_trading as trading
import pybit.unified_trading as unified
from pybit.exceptions import FailedRequestError, InvalidRequestError

from checks import addresses, check, control, done, wait_for

unified.PUBLIC_WSS = addresses["bybit_ws"] + "/v5/public/{CHANNEL_TYPE}"
unified.PRIVATE_WSS = addresses["bybit_ws"] + "/v5/private"
trading.TRADE_WSS = addresses["bybit_ws"] + "/v5/trade"


def refused(name, code, call):
    try:
        answer = call()
    except InvalidRequestError as error:
        check(name, error.status_code == code, f"got {error.status_code} {error.message}")
    else:
        raise SystemExit(f"FAILED: {name}: accepted {answer}")


http = unified.HTTP(api_key=addresses["api_key"], api_secret=addresses["api_secret"])
http.endpoint = addresses["bybit_rest"]
symbol = "XRPUSDT"

# Market data
skew = abs(int(http.get_server_time()["time"]) - time.time() * 1000)
check("server time", skew < 5000, f"off by {skew} ms")
instrument = http.get_instruments_info(category="linear", symbol=symbol)["result"]["list"][0]
check("instrument", instrument["status"] == "Trading" and instrument["quoteCoin"] == "USDT")
every = http.get_instruments_info(category="linear", limit=3)["result"]
check("paging", len(every["list"]) == 3 and every["nextPageCursor"] != "")
rest = http.get_instruments_info(category="linear", limit=3, cursor=every["nextPageCursor"])
check("next page", rest["result"]["list"][0]["symbol"] != every["list"][0]["symbol"])
last = Decimal(http.get_tickers(category="linear", symbol=symbol)["result"]["list"][0]["lastPrice"])
check("ticker", last > 0)

# Streams
trades, tickers, orders, executions, positions, wallets = [], [], [], [], [], []
public = unified.WebSocket(channel_type="linear", testnet=False)
public.trade_stream(symbol, trades.append)
public.ticker_stream(symbol, tickers.append)
private = unified.WebSocket(
    channel_type="private",
    testnet=False,
    api_key=addresses["api_key"],
    api_secret=addresses["api_secret"],
)
private.order_stream(orders.append)
private.execution_stream(executions.append)
private.position_stream(positions.append)
private.wallet_stream(wallets.append)
wait_for("ticker stream", lambda: tickers and tickers[0]["data"]["lastPrice"])
wait_for("trade stream", lambda: trades and trades[0]["data"][0]["s"] == symbol, 30)

# Account
equity = http.get_wallet_balance(accountType="UNIFIED")["result"]["list"][0]
check("wallet", Decimal(equity["totalEquity"]) > 0)
check("account info", http.get_account_info()["result"]["marginMode"].endswith("MARGIN"))
try:
    http.set_leverage(category="linear", symbol=symbol, buyLeverage="5", sellLeverage="5")
except InvalidRequestError as error:
    check("leverage stood already", error.status_code == 110043)
refused(
    "leverage not modified",
    110043,
    lambda: http.set_leverage(category="linear", symbol=symbol, buyLeverage="5", sellLeverage="5"),
)

# What Bybit refuses
step = Decimal(instrument["lotSizeFilter"]["qtyStep"])
tick = Decimal(instrument["priceFilter"]["tickSize"])


def place(**overrides):
    order = dict(
        category="linear", symbol=symbol, side="Buy", orderType="Market", qty="100",
        orderLinkId=f"pybit-{uuid.uuid4().hex[:20]}",
    )
    order.update(overrides)
    return http.place_order(**order)


refused("quantity off the step", 10001, lambda: place(qty=str(Decimal(100) + step / 2)))
refused("notional under the minimum", 110094, lambda: place(qty=str(step)))
refused("balance", 110007, lambda: place(qty="9000000"))
refused("reduce-only while flat", 110017, lambda: place(reduceOnly=True))
refused("unknown order", 110001, lambda: http.cancel_order(
    category="linear", symbol=symbol, orderLinkId="pybit-never-sent"))

# Open, with a stop attached
stop = (last * Decimal("0.9") // tick) * tick
link = f"pybit-{uuid.uuid4().hex[:20]}"
opened = place(orderLinkId=link, stopLoss=str(stop))
check("order taken", opened["result"]["orderLinkId"] == link and opened["result"]["orderId"])
refused("duplicate id", 110072, lambda: place(orderLinkId=link))
wait_for("execution stream", lambda: any(
    row["orderLinkId"] == link for frame in executions for row in frame["data"]))
wait_for("order stream: filled", lambda: any(
    row["orderLinkId"] == link and row["orderStatus"] == "Filled"
    for frame in orders for row in frame["data"]))
wait_for("position stream", lambda: any(
    row["symbol"] == symbol and Decimal(row["size"]) == 100
    for frame in positions for row in frame["data"]))
wait_for("wallet stream", lambda: len(wallets) > 0)
row = http.get_positions(category="linear", symbol=symbol)["result"]["list"][0]
check("position", row["side"] == "Buy" and Decimal(row["size"]) == 100)
check("stop rests", Decimal(row["stopLoss"]) == stop)
fills = http.get_executions(category="linear", symbol=symbol)["result"]["list"]
check("execution list", any(fill["orderLinkId"] == link for fill in fills))

# Protect it anew
target = (last * Decimal("1.2") // tick) * tick
http.set_trading_stop(
    category="linear", symbol=symbol, tpslMode="Full", positionIdx=0,
    stopLoss=str(stop - tick), takeProfit=str(target))
row = http.get_positions(category="linear", symbol=symbol)["result"]["list"][0]
check("stop moved", Decimal(row["stopLoss"]) == stop - tick)
check("target set", Decimal(row["takeProfit"]) == target)
refused(
    "trading stop not modified",
    34040,
    lambda: http.set_trading_stop(
        category="linear", symbol=symbol, tpslMode="Full", positionIdx=0,
        stopLoss=str(stop - tick), takeProfit=str(target)),
)

# A limit order rests and is cancelled
limit = f"pybit-{uuid.uuid4().hex[:20]}"
place(orderType="Limit", price=str((last * Decimal("0.8") // tick) * tick), orderLinkId=limit)
resting = http.get_open_orders(category="linear", symbol=symbol, orderLinkId=limit)
check("limit order rests", resting["result"]["list"][0]["orderStatus"] == "New")
http.cancel_order(category="linear", symbol=symbol, orderLinkId=limit)
wait_for("order stream: cancelled", lambda: any(
    row["orderLinkId"] == limit and row["orderStatus"] == "Cancelled"
    for frame in orders for row in frame["data"]))
http.cancel_all_orders(category="linear", settleCoin="USDT", orderFilter="Order")

# Close
refused("reduce-only on the same side", 110017, lambda: place(reduceOnly=True))
place(side="Sell", qty="100", reduceOnly=True)
row = http.get_positions(category="linear", symbol=symbol)["result"]["list"][0]
check("flat", Decimal(row["size"]) == 0 and row["side"] == "")
check("protection went with the position", not any(
    order["symbol"] == symbol
    for order in http.get_open_orders(category="linear", settleCoin="USDT")["result"]["list"]))

# What was closed, and what the account went through
closed = http.get_closed_pnl(category="linear", symbol=symbol)["result"]["list"][0]
check("closed profit", Decimal(closed["closedSize"]) == 100 and closed["side"] == "Sell")
log = http.get_transaction_log(accountType="UNIFIED", limit=1)["result"]
check("transaction log", len(log["list"]) == 1)
more = http.get_transaction_log(
    accountType="UNIFIED", limit=1, cursor=log["nextPageCursor"])["result"]["list"]
check("its next page", more[0]["id"] not in {row["id"] for row in log["list"]})

# Prices: candles, the book, the tape
candles = http.get_kline(category="linear", symbol=symbol, interval=5, limit=1000)
check("candles", len(candles["result"]["list"]) == 1000)
book = http.get_orderbook(category="linear", symbol=symbol, limit=200)["result"]
check("book", len(book["b"]) == 200 and Decimal(book["b"][0][0]) < Decimal(book["a"][0][0]))
tape = http.get_public_trade_history(category="linear", symbol=symbol, limit=5)
check("tape", len(tape["result"]["list"]) > 0)
check("risk limits", http.get_risk_limit(category="linear", symbol=symbol)["result"]["list"])
check("funding", http.get_funding_rate_history(category="linear", symbol=symbol)["result"]["list"])

# The book that pybit keeps from snapshot and deltas: it raises on a level that it does not know
books, candle_frames, fast = [], [], []
public.orderbook_stream(50, symbol, books.append)
public.orderbook_stream(200, "BTCUSDT", books.append)
public.kline_stream(1, symbol, candle_frames.append)
private.fast_execution_stream(fast.append, categorised_topic="linear")
wait_for("book stream", lambda: len(books) > 30)
check("books keep their depth", all(
    len(frame["data"]["b"]) == (50 if ".50." in frame["topic"] else 200) for frame in books))
wait_for("candle stream", lambda: candle_frames and candle_frames[0]["data"][0]["interval"] == "1")

# Batches and amending
prices = [str((last * Decimal(share) // tick) * tick) for share in ("0.80", "0.81", "0.82")]
batch = http.place_batch_order(category="linear", request=[
    dict(symbol=symbol, side="Buy", orderType="Limit", qty="100", price=price) for price in prices])
ids = [row["orderId"] for row in batch["result"]["list"]]
check("batch", len(set(ids)) == 3 and all(
    row["code"] == 0 for row in batch["retExtInfo"]["list"]))
http.amend_order(category="linear", symbol=symbol, orderId=ids[0], qty="200")
amended = http.get_open_orders(category="linear", symbol=symbol, orderId=ids[0])
check("amended", Decimal(amended["result"]["list"][0]["qty"]) == 200)
page = http.get_open_orders(category="linear", symbol=symbol, limit=2)["result"]
rest = http.get_open_orders(
    category="linear", symbol=symbol, limit=2, cursor=page["nextPageCursor"])["result"]
check("pages of orders", len(page["list"]) == 2 and len(rest["list"]) == 1)
http.cancel_batch_order(
    category="linear", request=[dict(symbol=symbol, orderId=id) for id in ids])
check("batch cancelled", http.get_open_orders(
    category="linear", symbol=symbol)["result"]["list"] == [])

# Partial and trailing protection
place()
http.set_trading_stop(
    category="linear", symbol=symbol, tpslMode="Partial", positionIdx=0, stopLoss=str(stop),
    takeProfit=str(target), slSize="40", tpSize="40", tpOrderType="Limit",
    tpLimitPrice=str(target), slOrderType="Market")
http.set_trading_stop(
    category="linear", symbol=symbol, tpslMode="Full", positionIdx=0,
    trailingStop=str((last * Decimal("0.05") // tick) * tick))
kinds = {order["stopOrderType"] for order in http.get_open_orders(
    category="linear", symbol=symbol)["result"]["list"]}
check("partial and trailing", kinds == {"PartialStopLoss", "PartialTakeProfit", "TrailingStop"})
http.add_or_reduce_margin(category="linear", symbol=symbol, margin="1", positionIdx=0)
http.set_auto_add_margin(category="linear", symbol=symbol, autoAddMargin=1, positionIdx=0)
place(side="Sell", reduceOnly=True)
wait_for("fast executions", lambda: len(fast) >= 2)

# Hedge mode
http.switch_position_mode(category="linear", symbol=symbol, mode=3)
place(positionIdx=1)
place(side="Sell", positionIdx=2)
rows = http.get_positions(category="linear", symbol=symbol)["result"]["list"]
check("hedged", [(row["positionIdx"], row["side"]) for row in rows] == [(1, "Buy"), (2, "Sell")])
place(side="Sell", positionIdx=1, reduceOnly=True)
place(positionIdx=2, reduceOnly=True)
http.switch_position_mode(category="linear", symbol=symbol, mode=0)

# The trade WebSocket
desk = unified.WebSocketTrading(
    testnet=False, api_key=addresses["api_key"], api_secret=addresses["api_secret"])
answers, refusals = [], []
desk.place_order(
    answers.append, refusals.append, category="linear", symbol=symbol, side="Buy",
    orderType="Limit", qty="100", price=prices[0], orderLinkId=f"pybit-{uuid.uuid4().hex[:20]}")
wait_for("order over the socket", lambda: len(answers) == 1)
check("its answer", answers[0]["retCode"] == 0 and answers[0]["data"]["orderId"])
desk.amend_order(
    answers.append, refusals.append, category="linear", symbol=symbol,
    orderId=answers[0]["data"]["orderId"], price=prices[1])
wait_for("amended over the socket", lambda: len(answers) == 2)
desk.cancel_order(
    answers.append, refusals.append, category="linear", symbol=symbol,
    orderId=answers[0]["data"]["orderId"])
wait_for("cancelled over the socket", lambda: len(answers) == 3)
desk.place_batch_order(answers.append, refusals.append, category="linear", request=[
    dict(symbol=symbol, side="Buy", orderType="Limit", qty="100", price=price)
    for price in prices[:2]])
wait_for("batch over the socket", lambda: len(answers) == 4)
http.cancel_all_orders(category="linear", symbol=symbol)
desk.place_order(
    answers.append, refusals.append, category="linear", symbol=symbol, side="Sell",
    orderType="Market", qty="100", reduceOnly=True)
wait_for("refused over the socket", lambda: len(refusals) == 1)
check("its code", refusals[0]["retCode"] == 110017, refusals[0])

# Limits: pybit sleeps until the reset and asks again
for _ in range(8):
    fees = http.get_fee_rates(category="linear", symbol=symbol)
check("limits are waited for", fees["retCode"] == 0)

# Troubles on request
control("faults", service="bybit", endpoint="position/list", fault="reject", code=10002)
check("a skewed clock is asked again", http.get_positions(
    category="linear", symbol=symbol)["retCode"] == 0)
control("faults", service="bybit", endpoint="position/list", fault="status", status=403)
try:
    http.get_positions(category="linear", symbol=symbol)
    raise SystemExit("FAILED: 403 was taken for an answer")
except FailedRequestError as error:
    check("403 is told as a region or a rate", error.status_code == 403)

# Keys and time
stranger = unified.HTTP(api_key=addresses["api_key"], api_secret="wrong")
stranger.endpoint = addresses["bybit_rest"]
refused("wrong signature", 10004, lambda: stranger.get_wallet_balance(accountType="UNIFIED"))
stranger = unified.HTTP(api_key="wrong", api_secret="wrong")
stranger.endpoint = addresses["bybit_rest"]
refused("wrong key", 10003, lambda: stranger.get_wallet_balance(accountType="UNIFIED"))


# An RSA key
private_pem = subprocess.run(
    ["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    check=True, capture_output=True, text=True).stdout
public_pem = subprocess.run(
    ["openssl", "pkey", "-pubout"], input=private_pem, check=True, capture_output=True,
    text=True).stdout
control("key", key="LoopbackRSA0001", public_key=public_pem)
signer = unified.HTTP(
    rsa_authentication=True, api_key="LoopbackRSA0001", api_secret=private_pem)
signer.endpoint = addresses["bybit_rest"]
check("RSA", signer.get_wallet_balance(accountType="UNIFIED")["retCode"] == 0)
control("key", key="LoopbackEyes0001", public_key=public_pem, read_only=True)
signer = unified.HTTP(
    rsa_authentication=True, api_key="LoopbackEyes0001", api_secret=private_pem)
signer.endpoint = addresses["bybit_rest"]
check("a key that may look", signer.get_positions(
    category="linear", symbol=symbol)["retCode"] == 0)
refused("and may not trade", 10005, lambda: signer.cancel_all_orders(
    category="linear", symbol=symbol))

done()
