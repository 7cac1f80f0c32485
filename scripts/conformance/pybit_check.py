"""pybit, unmodified but for its addresses, trades on the loopback Bybit: it opens a position, protects
it, is refused what Bybit refuses, closes, and hears of all of it on its streams.

Usage: pybit_check.py ADDRESSES, the JSON line that `quarterdeck simulate` prints.
"""

import json
import sys
import time
import uuid
from decimal import Decimal

import pybit.unified_trading as unified
from pybit.exceptions import InvalidRequestError

addresses = json.loads(sys.argv[1])
unified.PUBLIC_WSS = addresses["bybit_ws"] + "/v5/public/{CHANNEL_TYPE}"
unified.PRIVATE_WSS = addresses["bybit_ws"] + "/v5/private"

checks = 0


def check(name, condition, detail=""):
    global checks
    if not condition:
        sys.exit(f"FAILED: {name} {detail}")
    checks += 1
    print(f"ok {name}")


def wait_for(name, condition, seconds=10):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return check(name, True)
        time.sleep(0.02)
    sys.exit(f"FAILED: {name}: not within {seconds} s")


def refused(name, code, call):
    try:
        answer = call()
    except InvalidRequestError as error:
        check(name, error.status_code == code, f"got {error.status_code} {error.message}")
    else:
        sys.exit(f"FAILED: {name}: accepted {answer}")


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

# Keys and time
stranger = unified.HTTP(api_key=addresses["api_key"], api_secret="wrong")
stranger.endpoint = addresses["bybit_rest"]
refused("wrong signature", 10004, lambda: stranger.get_wallet_balance(accountType="UNIFIED"))
stranger = unified.HTTP(api_key="wrong", api_secret="wrong")
stranger.endpoint = addresses["bybit_rest"]
refused("wrong key", 10003, lambda: stranger.get_wallet_balance(accountType="UNIFIED"))

print(f"{checks} passed, 0 failed")
