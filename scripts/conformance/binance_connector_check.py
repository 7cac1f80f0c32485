"""Binance's own connector, unmodified but for its addresses, on the loopback Binance: it opens a position,
is refused what Binance refuses, closes, and hears of all of it on its streams.

Usage: binance_connector_check.py ADDRESSES, the JSON line that `quarterdeck simulate` prints.
"""

import json
import time
import uuid
from decimal import Decimal

from binance.error import ClientError
from binance.um_futures import UMFutures
from binance.websocket.um_futures.websocket_client import UMFuturesWebsocketClient

from checks import addresses, check, control, done, wait_for

SYMBOL = "XRPUSDT"


def client(key=None, secret=None, **settings):
    return UMFutures(
        key=key or addresses["api_key"], secret=secret or addresses["api_secret"],
        base_url=addresses["binance_rest"], timeout=10, **settings)


def refused(name, code, call):
    try:
        answer = call()
    except ClientError as error:
        check(name, error.error_code == code, f"got {error.error_code} {error.error_message}")
    else:
        raise SystemExit(f"FAILED: {name}: accepted {answer}")


def listener(path, frames, is_combined=False):
    """Streams of one category; answers to commands are no frames."""
    def hear(_, message):
        frame = json.loads(message)
        if "result" not in frame:
            frames.append(frame)

    return UMFuturesWebsocketClient(
        stream_url=addresses["binance_ws"] + path, on_message=hear, is_combined=is_combined)


def market_data(http):
    check("ping", http.ping() == {})
    check("clock", abs(http.time()["serverTime"] - time.time() * 1000) < 5000)
    contract = next(row for row in http.exchange_info()["symbols"] if row["symbol"] == SYMBOL)
    check("contract", contract["status"] == "TRADING" and "STOP_MARKET" in contract["orderTypes"])
    check("book", len(http.depth(SYMBOL, limit=100)["bids"]) == 100)
    last = http.trades(SYMBOL, limit=5)[-1]["id"]
    check("older trades", http.historical_trades(SYMBOL, fromId=last, limit=1)[0]["id"] == last)
    check("aggregates", http.agg_trades(SYMBOL, fromId=last, limit=1)[0]["a"] == last)
    check("candles", len(http.klines(SYMBOL, "1m", limit=7)) == 7)
    check("continuous candles", len(http.continuous_klines(SYMBOL, "PERPETUAL", "1h", limit=7)) == 7)
    check("index candles", len(http.index_price_klines(SYMBOL, "1h", limit=3)) == 3)
    check("mark candles", len(http.mark_price_klines(SYMBOL, "1h", limit=3)) == 3)
    check("mark price", Decimal(http.mark_price(SYMBOL)["markPrice"]) > 0)
    check("funding", len(http.funding_rate(SYMBOL, limit=3)) == 3 and len(http.funding_info()) >= 9)
    check("day", Decimal(http.ticker_24hr_price_change(SYMBOL)["highPrice"]) > 0)
    check("touch", Decimal(http.book_ticker(SYMBOL)["bidPrice"]) > 0)
    check("open interest", Decimal(http.open_interest(SYMBOL)["openInterest"]) > 0)
    return Decimal(http.ticker_price(SYMBOL)["price"])


def account(http):
    check("balance", Decimal(http.balance()[0]["balance"]) > 0)
    check("account", Decimal(http.account()["totalWalletBalance"]) > 0)
    check("leverage", http.change_leverage(SYMBOL, 9)["leverage"] == 9)
    check("brackets", http.leverage_brackets(symbol=SYMBOL)[0]["brackets"][0]["bracket"] == 1)
    check("mode", http.get_position_mode() == {"dualSidePosition": False})
    refused("mode stands", -4059, lambda: http.change_position_mode("false"))
    check("assets mode", http.get_multi_asset_mode() == {"multiAssetsMargin": False})
    check("fee", http.commission_rate(SYMBOL)["takerCommissionRate"] == "0.000500")
    check("income", isinstance(http.get_income_history(), list))


def orders(http, last):
    link = f"connector-{uuid.uuid4().hex[:20]}"
    low = str((last * Decimal("0.97")).quantize(Decimal("0.0001")))
    resting = dict(symbol=SYMBOL, side="BUY", type="LIMIT", timeInForce="GTC", quantity=100,
                   price=low, newClientOrderId=link)
    check("a rehearsal", http.new_order_test(**resting)["status"] == "NEW")
    placed = http.new_order(**resting)
    check("acknowledged", placed["status"] == "NEW" and placed["clientOrderId"] == link)
    refused("an id stands once", -4116, lambda: http.new_order(**resting))
    check("rests", http.get_open_orders(symbol=SYMBOL, origClientOrderId=link)["price"] == low)
    lower = str((last * Decimal("0.96")).quantize(Decimal("0.0001")))
    changed = http.modify_order(
        symbol=SYMBOL, side="BUY", quantity=120, price=lower, origClientOrderId=link)
    check("modified", changed["price"] == lower and changed["origQty"] == "120.0")
    check("cancelled", http.cancel_order(SYMBOL, origClientOrderId=link)["status"] == "CANCELED")
    refused("cancelled once", -2011, lambda: http.cancel_order(SYMBOL, origClientOrderId=link))
    check("known", http.query_order(SYMBOL, origClientOrderId=link)["status"] == "CANCELED")
    refused("conditional types", -4120, lambda: http.new_order(
        symbol=SYMBOL, side="SELL", type="STOP_MARKET", stopPrice=low, closePosition="true"))
    refused("reduce-only while flat", -2022, lambda: http.new_order(
        symbol=SYMBOL, side="SELL", type="MARKET", quantity=100, reduceOnly="true"))
    refused("precision", -1111, lambda: http.new_order(
        symbol=SYMBOL, side="BUY", type="MARKET", quantity="100.12345"))
    batch = http.new_batch_order([
        {"symbol": SYMBOL, "side": "BUY", "type": "LIMIT", "timeInForce": "GTC",
         "quantity": "50", "price": low},
        {"symbol": SYMBOL, "side": "BUY", "type": "MARKET", "quantity": "0"}])
    check("a batch answers for each", batch[0]["status"] == "NEW" and batch[1]["code"] == -4003)
    check("all are cancelled", http.cancel_open_orders(SYMBOL)["code"] == 200)


def limits(http):
    counting = client(show_limit_usage=True)
    usage = counting.time()["limit_usage"]
    check("weights are told", int(usage["x-mbx-used-weight-1m"]) > 0, usage)
    refused("wrong signature", -1022, client(secret="wrong").balance)
    refused("wrong key", -2015, client(key="Stranger0001").balance)
    control("binance/ban", ms=60_000)
    refused("banned", -1003, http.time)
    control("binance/ban", ms=0)
    check("forgiven", http.time()["serverTime"] > 0)


http = client()
price = market_data(http)

market, book, told = [], [], []
streams = listener("/market", market, is_combined=True)
streams.agg_trade(SYMBOL)
streams.kline(SYMBOL, "1m")
streams.mark_price(SYMBOL, 1)
streams.ticker(SYMBOL)
books = listener("/public", book)
books.diff_book_depth(SYMBOL, speed=100)
books.partial_book_depth(SYMBOL, level=5, speed=100)
books.book_ticker(SYMBOL)
key = http.new_listen_key()["listenKey"]
private = listener("/private", told)
private.user_data(key)
check("a listen key is kept alive", http.renew_listen_key(key)["listenKey"] == key)

account(http)
orders(http, price)

kinds = ["aggTrade", "kline", "markPriceUpdate", "24hrTicker"]
for kind in kinds:
    wait_for(f"{kind} stream", lambda: any(frame["data"]["e"] == kind for frame in market), 30)
wait_for("book ticker stream", lambda: any(frame["e"] == "bookTicker" for frame in book))
wait_for("partial book stream", lambda: any(
    frame["e"] == "depthUpdate" and len(frame["b"]) == 5 for frame in book))

link = f"connector-{uuid.uuid4().hex[:20]}"
opened = http.new_order(symbol=SYMBOL, side="BUY", type="MARKET", quantity=100,
                        newClientOrderId=link, newOrderRespType="RESULT")
check("filled", opened["status"] == "FILLED")
wait_for("the fill is told", lambda: any(
    frame["e"] == "ORDER_TRADE_UPDATE" and frame["o"]["c"] == link and frame["o"]["x"] == "TRADE"
    for frame in told))
wait_for("the position is told", lambda: any(
    frame["e"] == "ACCOUNT_UPDATE" and frame["a"]["P"] and frame["a"]["P"][0]["pa"] == "100.0"
    for frame in told))
position = next(row for row in http.get_position_risk(symbol=SYMBOL)
                if Decimal(row["positionAmt"]) != 0)
check("position", Decimal(position["positionAmt"]) == 100)
closed = http.new_order(symbol=SYMBOL, side="SELL", type="MARKET", quantity=100,
                        reduceOnly="true", newOrderRespType="RESULT")
check("closed", closed["status"] == "FILLED")
fills = http.get_account_trades(symbol=SYMBOL)
check("fills", {opened["orderId"], closed["orderId"]} <= {fill["orderId"] for fill in fills})
check("all orders", any(row["clientOrderId"] == link for row in http.get_all_orders(symbol=SYMBOL)))

control("binance/expire")
wait_for("an expired listen key is told", lambda: any(
    frame["e"] == "listenKeyExpired" for frame in told))
limits(http)
for stream in [streams, books, private]:
    stream.stop()
done()
