"""ccxt, unmodified but for its addresses, on the loopback Binance: markets, prices, orders of every kind,
positions and the account, first with the blocking client, then with the one that runs on asyncio, then
with keys that sign by RSA and Ed25519.

Usage: ccxt_binance_check.py ADDRESSES, the JSON line that `quarterdeck simulate` prints.
"""

import asyncio

import ccxt
import ccxt.async_support
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from checks import addresses, check, control, done

SYMBOL = "XRP/USDT:USDT"


def point(exchange):
    """Addresses are all that is changed."""
    api = exchange.urls["api"]
    for name in api:
        if isinstance(api[name], str) and "fapi.binance.com" in api[name]:
            api[name] = api[name].replace("https://fapi.binance.com", addresses["binance_rest"])
    return exchange


def keys(key=None, secret=None):
    """Coins and markets of other exchanges of Binance's are not asked for."""
    return {
        "apiKey": key or addresses["api_key"], "secret": secret or addresses["api_secret"],
        "options": {"fetchCurrencies": False, "fetchMarkets": {"types": ["linear"]}},
    }


def refused(name, kind, call):
    try:
        answer = call()
    except ccxt.BaseError as error:
        check(name, isinstance(error, kind), f"got {type(error).__name__} {error}")
    else:
        raise SystemExit(f"FAILED: {name}: accepted {answer}")


def market_data(exchange):
    markets = exchange.load_markets()
    check("markets", markets[SYMBOL]["linear"] and markets[SYMBOL]["swap"])
    check("precision", exchange.price_to_precision(SYMBOL, 2.123456) == "2.1235")
    check("clock", abs(exchange.fetch_time() - exchange.milliseconds()) < 5000)
    check("ticker", exchange.fetch_ticker(SYMBOL)["last"] > 0)
    check("tickers", set(exchange.fetch_tickers()) == set(markets))
    touch = exchange.fetch_bids_asks([SYMBOL])[SYMBOL]
    check("best bid and ask", 0 < touch["bid"] < touch["ask"])
    check("last prices", exchange.fetch_last_prices([SYMBOL])[SYMBOL]["price"] > 0)
    for timeframe in ["1m", "15m", "1h", "1d", "1w", "1M"]:
        candles = exchange.fetch_ohlcv(SYMBOL, timeframe, limit=20)
        check(f"candles of {timeframe}", len(candles) == 20 and candles == sorted(candles) and all(
            low <= min(begin, end) and high >= max(begin, end)
            for _, begin, high, low, end, _ in candles))
    since = exchange.milliseconds() - 30 * 60_000
    candles = exchange.fetch_ohlcv(SYMBOL, "1m", since=since, limit=10)
    check("candles since", since <= candles[0][0] < since + 60_000 and len(candles) == 10)
    check("candles of the mark price",
          len(exchange.fetch_ohlcv(SYMBOL, "5m", limit=3, params={"price": "mark"})) == 3)
    book = exchange.fetch_order_book(SYMBOL, 50)
    check("book", len(book["bids"]) == len(book["asks"]) == 50 and book["nonce"] > 0)
    check("book is sorted", book["bids"] == sorted(book["bids"], reverse=True)
          and book["asks"] == sorted(book["asks"]) and book["bids"][0][0] < book["asks"][0][0])
    trades = exchange.fetch_trades(SYMBOL, limit=5)
    check("trades", len({trade["id"] for trade in trades}) == len(trades) > 0)
    check("funding rate", exchange.fetch_funding_rate(SYMBOL)["fundingTimestamp"] > 0)
    check("funding rates", SYMBOL in exchange.fetch_funding_rates())
    check("funding intervals", exchange.fetch_funding_intervals()[SYMBOL]["interval"] == "8h")
    history = exchange.fetch_funding_rate_history(SYMBOL, limit=5)
    check("funding history", len(history) == 5
          and history[1]["timestamp"] - history[0]["timestamp"] == 8 * 3_600_000)
    check("open interest", exchange.fetch_open_interest(SYMBOL)["openInterestAmount"] > 0)
    return exchange.fetch_ticker(SYMBOL)["last"]


def account(exchange):
    for version in [{}, {"useV2": True}]:
        check("balance", exchange.fetch_balance(version)["USDT"]["total"] > 0)
    check("no position", exchange.fetch_positions([SYMBOL]) == [])
    check("fee", exchange.fetch_trading_fee(SYMBOL)["taker"] == 0.0005)
    exchange.set_leverage(7, SYMBOL)
    check("leverage", exchange.fetch_leverages([SYMBOL])[SYMBOL]["longLeverage"] == 7)
    refused("leverage too high", ccxt.BadRequest, lambda: exchange.set_leverage(90, SYMBOL))
    tiers = exchange.fetch_leverage_tiers([SYMBOL])[SYMBOL]
    check("leverage tiers", tiers[0]["maxLeverage"] == 75
          and tiers[0]["maintenanceMarginRate"] < tiers[-1]["maintenanceMarginRate"])
    if exchange.fetch_margin_modes([SYMBOL])[SYMBOL]["marginMode"] == "isolated":
        exchange.set_margin_mode("cross", SYMBOL)
    exchange.set_margin_mode("isolated", SYMBOL)
    refused("isolated stands", ccxt.MarginModeAlreadySet,
            lambda: exchange.set_margin_mode("isolated", SYMBOL))
    check("isolated", exchange.fetch_margin_modes([SYMBOL])[SYMBOL]["marginMode"] == "isolated")
    exchange.set_position_mode(True)
    check("hedge mode", exchange.fetch_position_mode()["hedged"])
    refused("hedge mode stands", ccxt.OperationRejected, lambda: exchange.set_position_mode(True))
    hedged(exchange)
    exchange.set_position_mode(False)


def hedged(exchange):
    for side, slot in [("buy", "LONG"), ("sell", "SHORT")]:
        exchange.create_order(SYMBOL, "market", side, 50, None, {"positionSide": slot})
    check("both sides", {(row["side"], row["contracts"], row["hedged"])
                         for row in exchange.fetch_positions([SYMBOL])}
          == {("long", 50, True), ("short", 50, True)})
    for side, slot in [("sell", "LONG"), ("buy", "SHORT")]:
        exchange.create_order(SYMBOL, "market", side, 50, None, {"positionSide": slot})
    check("both closed", exchange.fetch_positions([SYMBOL]) == [])


def orders(exchange, last):
    low = exchange.price_to_precision(SYMBOL, last * 0.97)
    lower = exchange.price_to_precision(SYMBOL, last * 0.96)
    resting = exchange.create_order(
        SYMBOL, "limit", "buy", 100, low, {"clientOrderId": f"ccxt-{exchange.milliseconds()}"})
    order = exchange.fetch_open_order(resting["id"], SYMBOL)
    check("limit order rests", order["status"] == "open" and order["price"] == float(low))
    check("its id is ours", order["clientOrderId"] == resting["clientOrderId"])
    edited = exchange.edit_order(resting["id"], SYMBOL, "limit", "buy", 120, lower)
    check("modified", edited["price"] == float(lower) and edited["amount"] == 120)
    check("among open orders", [row["id"] for row in exchange.fetch_open_orders(SYMBOL)]
          == [resting["id"]])
    check("cancelled", exchange.cancel_order(resting["id"], SYMBOL)["status"] == "canceled")
    refused("cancelled once", ccxt.OrderNotFound,
            lambda: exchange.cancel_order(resting["id"], SYMBOL))
    check("still known", exchange.fetch_order(resting["id"], SYMBOL)["status"] == "canceled")
    refused("post-only that would take", ccxt.InvalidOrder, lambda: exchange.create_order(
        SYMBOL, "limit", "buy", 100, exchange.price_to_precision(SYMBOL, last * 1.02),
        {"postOnly": True}))
    several = exchange.create_orders([
        {"symbol": SYMBOL, "type": "limit", "side": "buy", "amount": 50, "price": float(low)},
        {"symbol": SYMBOL, "type": "limit", "side": "buy", "amount": 0.1, "price": float(low)}])
    check("a batch answers for each", {row["status"] for row in several} == {"open", "rejected"}
          and any(row["info"].get("code") == -4164 for row in several), several)
    exchange.cancel_all_orders(SYMBOL)
    check("all are cancelled", exchange.fetch_open_orders(SYMBOL) == [])
    refused("too large", ccxt.ExchangeError,
            lambda: exchange.create_order(SYMBOL, "market", "buy", 300_000))
    refused("reduce-only while flat", ccxt.BaseError, lambda: exchange.create_order(
        SYMBOL, "market", "sell", 100, params={"reduceOnly": True}))


def position(exchange, last):
    opened = exchange.create_order(SYMBOL, "market", "buy", 100)
    check("market order fills", opened["status"] == "closed" and opened["filled"] == 100)
    held = exchange.fetch_positions([SYMBOL])[0]
    check("position", held["side"] == "long" and held["contracts"] == 100
          and held["marginMode"] == "isolated" and held["liquidationPrice"] < last)
    exchange.add_margin(SYMBOL, 5)
    check("margin added", exchange.fetch_positions([SYMBOL])[0]["liquidationPrice"]
          < held["liquidationPrice"])
    exchange.reduce_margin(SYMBOL, 5)
    check("margin history", [row["type"] for row in
                             exchange.fetch_margin_adjustment_history(SYMBOL)][-2:] == ["add", "reduce"])
    conditional(exchange, last)
    closed = exchange.create_order(SYMBOL, "market", "sell", 100, params={"reduceOnly": True})
    check("closed", closed["filled"] == 100 and exchange.fetch_positions([SYMBOL]) == [])
    fills = exchange.fetch_my_trades(SYMBOL)
    check("my trades", {opened["id"], closed["id"]} <= {fill["order"] for fill in fills})
    check("fees are paid", all(fill["fee"]["cost"] > 0 for fill in fills))
    check("all orders", {opened["id"], closed["id"]}
          <= {order["id"] for order in exchange.fetch_orders(SYMBOL)})
    kinds = {row["info"]["incomeType"] for row in exchange.fetch_ledger("USDT")}
    check("ledger", "COMMISSION" in kinds, kinds)


def conditional(exchange, last):
    """Stops rest with the Algo Service; one is set off by a fall of the market."""
    stop = exchange.create_order(SYMBOL, "market", "sell", 50, params={
        "stopLossPrice": exchange.price_to_precision(SYMBOL, last * 0.8), "reduceOnly": True})
    target = exchange.create_order(SYMBOL, "market", "sell", None, params={
        "takeProfitPrice": exchange.price_to_precision(SYMBOL, last * 1.2), "closePosition": True})
    trailing = exchange.create_order(SYMBOL, "market", "sell", 100, params={
        "trailingPercent": 5, "reduceOnly": True})
    resting = exchange.fetch_open_orders(SYMBOL, params={"trigger": True})
    check("conditional orders rest", {order["id"] for order in resting}
          == {stop["id"], target["id"], trailing["id"]})
    exchange.cancel_order(target["id"], SYMBOL, {"trigger": True})
    check("one is cancelled", exchange.fetch_order(
        target["id"], SYMBOL, {"trigger": True})["status"] == "canceled")
    exchange.cancel_all_orders(SYMBOL, {"trigger": True})
    check("all are cancelled", exchange.fetch_open_orders(SYMBOL, params={"trigger": True}) == [])


def account_again(exchange):
    exchange.set_margin_mode("cross", SYMBOL)
    check("cross", exchange.fetch_margin_modes([SYMBOL])[SYMBOL]["marginMode"] == "cross")


async def concurrently():
    exchange = point(ccxt.async_support.binanceusdm(keys()))
    try:
        await exchange.load_markets()
        ticker, book, balance = await asyncio.gather(
            exchange.fetch_ticker(SYMBOL), exchange.fetch_order_book(SYMBOL, 5),
            exchange.fetch_balance())
        check("three at once", ticker["last"] > 0 and len(book["bids"]) == 5
              and balance["USDT"]["total"] > 0)
        order = await exchange.create_order(
            SYMBOL, "limit", "buy", 100, exchange.price_to_precision(SYMBOL, ticker["last"] * 0.97))
        check("rests", (await exchange.fetch_open_orders(SYMBOL))[0]["id"] == order["id"])
        await exchange.cancel_order(order["id"], SYMBOL)
        check("is cancelled", await exchange.fetch_open_orders(SYMBOL) == [])
    finally:
        await exchange.close()


def signed_by(name, private):
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    key = control("binance/keys", public_key=public)["api_key"]
    secret = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()).decode()
    exchange = point(ccxt.binanceusdm(keys(key, secret)))
    check(f"{name} signs", exchange.fetch_balance()["USDT"]["total"] > 0)


def keys_and_bans():
    stranger = point(ccxt.binanceusdm(keys(secret="wrong")))
    refused("wrong signature", ccxt.AuthenticationError, stranger.fetch_balance)
    stranger = point(ccxt.binanceusdm(keys(key="Stranger0001")))
    refused("wrong key", ccxt.AuthenticationError, stranger.fetch_balance)
    signed_by("RSA", rsa.generate_private_key(public_exponent=65_537, key_size=2_048))
    signed_by("Ed25519", ed25519.Ed25519PrivateKey.generate())
    known = point(ccxt.binanceusdm(keys()))
    control("binance/ban", ms=60_000)
    refused("banned", ccxt.DDoSProtection, known.fetch_time)
    control("binance/ban", ms=0)
    check("forgiven", known.fetch_time() > 0)
    for fault, kind in [("unknown", ccxt.OperationFailed), ("throttle", ccxt.ExchangeError)]:
        control("faults", service="binance", endpoint="account", fault=fault)
        refused(f"503 {fault}", kind, known.fetch_balance)


sync = point(ccxt.binanceusdm(keys()))
price = market_data(sync)
account(sync)
orders(sync, price)
position(sync, price)
account_again(sync)
asyncio.run(concurrently())
keys_and_bans()
done()
