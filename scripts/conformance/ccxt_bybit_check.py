"""ccxt, unmodified but for its addresses, on the loopback Bybit: markets, prices, orders of every kind,
positions and the account, first with the blocking client, then with the one that runs on asyncio.

Usage: ccxt_bybit_check.py ADDRESSES, the JSON line that `quarterdeck simulate` prints.
"""

import asyncio

import ccxt
import ccxt.async_support

from checks import addresses, check, control, done

SYMBOL = "SOL/USDT:USDT"
OTHER = "ETH/USDT:USDT"


def point(exchange):
    """Addresses are all that is changed."""
    api = exchange.urls["api"]
    for name in api:
        if isinstance(api[name], str):
            api[name] = addresses["bybit_rest"]
    return exchange


def keys():
    return {
        "apiKey": addresses["api_key"], "secret": addresses["api_secret"],
        "options": {"defaultType": "swap"},
    }


def refused(name, kind, call):
    try:
        answer = call()
    except ccxt.BaseError as error:
        check(name, type(error) is kind, f"got {type(error).__name__} {error}")
    else:
        raise SystemExit(f"FAILED: {name}: accepted {answer}")


def market_data(exchange):
    markets = exchange.load_markets()
    check("markets", markets[SYMBOL]["linear"] and markets[SYMBOL]["swap"])
    check("precision", exchange.price_to_precision(SYMBOL, 150.123456) == "150.12")
    check("clock", abs(exchange.fetch_time() - exchange.milliseconds()) < 5000)
    check("currencies", "USDT" in exchange.fetch_currencies())
    ticker = exchange.fetch_ticker(SYMBOL)
    check("ticker", ticker["bid"] < ticker["ask"] and ticker["last"] > 0, ticker)
    check("tickers", set(exchange.fetch_tickers()) == set(markets))
    for timeframe in ["1m", "15m", "1h", "1d", "1w", "1M"]:
        candles = exchange.fetch_ohlcv(SYMBOL, timeframe, limit=20)
        check(f"candles of {timeframe}", len(candles) == 20 and all(
            low <= min(begin, end) and high >= max(begin, end)
            for _, begin, high, low, end, _ in candles))
        check(f"candles of {timeframe} ascend", candles == sorted(candles))
    since = exchange.milliseconds() - 30 * 60_000
    candles = exchange.fetch_ohlcv(SYMBOL, "1m", since=since, limit=10)
    check("candles since", since <= candles[0][0] < since + 60_000 and len(candles) == 10)
    check("candles of the mark price", len(exchange.fetch_mark_ohlcv(SYMBOL, "5m", limit=3)) == 3)
    book = exchange.fetch_order_book(SYMBOL, 50)
    check("book", len(book["bids"]) == len(book["asks"]) == 50)
    check("book is sorted", book["bids"] == sorted(book["bids"], reverse=True)
          and book["asks"] == sorted(book["asks"]) and book["bids"][0][0] < book["asks"][0][0])
    trades = exchange.fetch_trades(SYMBOL, limit=5)
    check("trades", len({trade["id"] for trade in trades}) == len(trades) > 0)
    check("funding rate", exchange.fetch_funding_rate(SYMBOL)["fundingTimestamp"] > 0)
    history = exchange.fetch_funding_rate_history(SYMBOL, limit=5)
    check("funding history", len(history) == 5
          and history[1]["timestamp"] - history[0]["timestamp"] == 8 * 3_600_000)
    check("open interest", exchange.fetch_open_interest(SYMBOL)["openInterestAmount"] > 0)
    tiers = exchange.fetch_market_leverage_tiers(SYMBOL)
    check("leverage tiers", tiers[0]["maxLeverage"] == 100)
    return ticker["last"]


def account(exchange):
    balance = exchange.fetch_balance()
    check("balance", balance["USDT"]["total"] > 0)
    check("no position", exchange.fetch_positions([SYMBOL])[0]["contracts"] in (0, None))
    check("fee", exchange.fetch_trading_fee(SYMBOL)["taker"] == 0.00055)
    check("fees", len(exchange.fetch_trading_fees({"category": "linear"})) >= 9)
    leverage = 6 if exchange.fetch_leverage(SYMBOL)["longLeverage"] == 5 else 5
    exchange.set_leverage(leverage, SYMBOL)
    check("leverage", exchange.fetch_leverage(SYMBOL)["longLeverage"] == leverage)
    refused("leverage stands", ccxt.BadRequest, lambda: exchange.set_leverage(leverage, SYMBOL))
    exchange.set_position_mode(True, SYMBOL)
    check("hedge mode", len(exchange.fetch_positions([SYMBOL])) == 2)
    exchange.set_position_mode(False, SYMBOL)
    exchange.set_margin_mode("cross")
    exchange.set_margin_mode("isolated")


def orders(exchange, last):
    low = exchange.price_to_precision(SYMBOL, last * 0.8)
    lower = exchange.price_to_precision(SYMBOL, last * 0.79)
    resting = exchange.create_order(
        SYMBOL, "limit", "buy", 2, low, {"clientOrderId": f"ccxt-{exchange.milliseconds()}"})
    order = exchange.fetch_open_order(resting["id"], SYMBOL)
    check("limit order rests", order["status"] == "open" and order["price"] == float(low))
    check("its id is ours", order["clientOrderId"] == resting["clientOrderId"])
    exchange.edit_order(resting["id"], SYMBOL, "limit", "buy", 3, lower)
    order = exchange.fetch_open_order(resting["id"], SYMBOL)
    check("amended", order["price"] == float(lower) and order["amount"] == 3)
    exchange.cancel_order(resting["id"], SYMBOL)
    refused("cancelled once", ccxt.OrderNotFound,
            lambda: exchange.cancel_order(resting["id"], SYMBOL))
    check("cancelled", resting["id"] in {
        order["id"] for order in exchange.fetch_canceled_orders(SYMBOL)})
    post_only = exchange.create_order(
        SYMBOL, "limit", "buy", 1, exchange.price_to_precision(SYMBOL, last * 1.02),
        {"postOnly": True})
    check("a taking post-only order is cancelled",
          exchange.fetch_order(post_only["id"], SYMBOL, {"acknowledged": True})["status"]
          in ("canceled", "rejected"))
    several = exchange.create_orders([
        {"symbol": SYMBOL, "type": "limit", "side": "buy", "amount": 1, "price": float(low)},
        {"symbol": SYMBOL, "type": "limit", "side": "buy", "amount": 1, "price": float(lower)}])
    check("a batch rests", {order["id"] for order in several}
          == {order["id"] for order in exchange.fetch_open_orders(SYMBOL)})
    exchange.cancel_orders([order["id"] for order in several], SYMBOL)
    check("a batch is cancelled", exchange.fetch_open_orders(SYMBOL) == [])
    refused("too large", ccxt.InsufficientFunds,
            lambda: exchange.create_order(SYMBOL, "market", "buy", 30_000))
    refused("reduce-only while flat", ccxt.InvalidOrder, lambda: exchange.create_order(
        SYMBOL, "market", "sell", 1, params={"reduceOnly": True}))


def position(exchange, last):
    stop = exchange.price_to_precision(SYMBOL, last * 0.85)
    target = exchange.price_to_precision(SYMBOL, last * 1.15)
    opened = exchange.create_order(SYMBOL, "market", "buy", 4, params={
        "stopLoss": {"triggerPrice": stop}, "takeProfit": {"triggerPrice": target}})
    held = exchange.fetch_position(SYMBOL)
    check("position", held["side"] == "long" and held["contracts"] == 4)
    check("its stop", held["stopLossPrice"] == float(stop))
    check("its target", held["takeProfitPrice"] == float(target))
    check("it stands in the list", SYMBOL in {
        row["symbol"] for row in exchange.fetch_positions()})
    fills = [fill for fill in exchange.fetch_my_trades(SYMBOL) if fill["order"] == opened["id"]]
    check("my trades", sum(fill["amount"] for fill in fills) == 4
          and all(fill["fee"]["currency"] == "USDT" for fill in fills))
    check("trades of the order",
          len(exchange.fetch_order_trades(opened["id"], SYMBOL)) == len(fills))
    conditional = exchange.create_order(SYMBOL, "market", "sell", 4, params={
        "triggerPrice": exchange.price_to_precision(SYMBOL, last * 0.9),
        "triggerDirection": "descending", "reduceOnly": True})
    check("a stop order waits", exchange.fetch_open_order(
        conditional["id"], SYMBOL, {"trigger": True})["triggerPrice"] is not None)
    exchange.create_order(SYMBOL, "market", "sell", 4, params={
        "trailingAmount": exchange.price_to_precision(SYMBOL, last * 0.05), "reduceOnly": True})
    check("a trailing stop waits", any(
        order["info"]["stopOrderType"] == "TrailingStop"
        for order in exchange.fetch_open_orders(SYMBOL)))
    exchange.cancel_all_orders(SYMBOL)
    check("everything is cancelled", exchange.fetch_open_orders(SYMBOL) == [])
    exchange.create_order(SYMBOL, "market", "sell", 4, params={"reduceOnly": True})
    check("flat", exchange.fetch_positions([SYMBOL])[0]["contracts"] in (0, None))
    closed = exchange.fetch_positions_history([SYMBOL])
    check("what was closed", closed[0]["info"]["closedSize"] == "4.0", closed[0]["info"])
    check("closed orders", opened["id"] in {
        order["id"] for order in exchange.fetch_closed_orders(SYMBOL)})
    ledger = exchange.fetch_ledger("USDT")
    check("ledger", len(ledger) > 0 and ledger[-1]["currency"] == "USDT")


def troubles(exchange):
    stranger = point(ccxt.bybit({**keys(), "secret": "wrong"}))
    stranger.markets = exchange.markets
    refused("wrong secret", ccxt.AuthenticationError, lambda: stranger.fetch_balance())
    for code, kind in [(10006, ccxt.RateLimitExceeded), (10016, ccxt.ExchangeError),
                       (110007, ccxt.InsufficientFunds), (10002, ccxt.InvalidNonce)]:
        control("faults", service="bybit", endpoint="order/create", fault="reject", code=code)
        refused(f"code {code}", kind,
                lambda: exchange.create_order(SYMBOL, "market", "buy", 1))
    control("faults", service="bybit", endpoint="market/tickers", fault="status", status=503)
    refused("a gateway's page", ccxt.ExchangeNotAvailable,
            lambda: exchange.fetch_ticker(SYMBOL))
    control("faults", service="bybit", endpoint="market/tickers", fault="reset")
    refused("a reset connection", ccxt.NetworkError, lambda: exchange.fetch_ticker(SYMBOL))


async def asynchronous():
    exchange = point(ccxt.async_support.bybit(keys()))
    try:
        await exchange.load_markets()
        ticker, book, balance, candles = await asyncio.gather(
            exchange.fetch_ticker(OTHER), exchange.fetch_order_book(OTHER, 200),
            exchange.fetch_balance(), exchange.fetch_ohlcv(OTHER, "1m", limit=1000))
        check("async: book", len(book["bids"]) == 200)
        check("async: balance", balance["USDT"]["total"] > 0)
        check("async: candles", len(candles) == 1000)
        await exchange.create_order(OTHER, "market", "sell", 0.5)
        held = await exchange.fetch_position(OTHER)
        check("async: position", held["side"] == "short" and held["contracts"] == 0.5)
        stop = exchange.price_to_precision(OTHER, ticker["last"] * 1.1)
        await exchange.create_order(
            OTHER, "market", "buy", 0.5, params={"stopLossPrice": stop, "reduceOnly": True})
        check("async: stop waits", len(await exchange.fetch_open_orders(OTHER)) == 1)
        await exchange.create_order(OTHER, "market", "buy", 0.5, params={"reduceOnly": True})
        await exchange.cancel_all_orders(OTHER)
        check("async: nothing is left", await exchange.fetch_open_orders(OTHER) == [])
    finally:
        await exchange.close()


blocking = point(ccxt.bybit(keys()))
price = market_data(blocking)
account(blocking)
orders(blocking, price)
position(blocking, price)
troubles(blocking)
asyncio.run(asynchronous())
done()
