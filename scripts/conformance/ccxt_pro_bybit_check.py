"""ccxt.pro, unmodified but for its addresses, watches the loopback Bybit: books, trades, tickers, candles,
orders, fills, positions and the balance; it trades over the trade WebSocket and survives a cut.

Usage: ccxt_pro_bybit_check.py ADDRESSES, the JSON line that `quarterdeck simulate` prints.
"""

import asyncio

import ccxt.pro

from checks import addresses, check, control, done

SYMBOL = "BTC/USDT:USDT"
OTHERS = ["ETH/USDT:USDT", "XRP/USDT:USDT"]
PATIENCE = 20


def streams(urls):
    """The addresses of the streams, with the loopback's host in place of Bybit's."""
    moved = {}
    for name, url in urls.items():
        if isinstance(url, dict):
            moved[name] = streams(url)
        elif "/v5/" in url:
            moved[name] = addresses["bybit_ws"] + "/v5/" + url.split("/v5/", 1)[1]
    return moved


def client():
    exchange = ccxt.pro.bybit({
        "apiKey": addresses["api_key"], "secret": addresses["api_secret"],
        "options": {"defaultType": "swap"}})
    api = exchange.urls["api"]
    for name in api:
        if isinstance(api[name], str):
            api[name] = addresses["bybit_rest"]
    api["ws"] = streams(api["ws"])
    return exchange


def within(awaitable):
    return asyncio.wait_for(awaitable, PATIENCE)


async def until(name, watch, test):
    """Watches until something passes the test."""
    async def wait():
        while True:
            seen = await watch()
            if test(seen):
                return seen

    try:
        seen = await within(wait())
    except asyncio.TimeoutError:
        raise SystemExit(f"FAILED: {name}: not within {PATIENCE} s")
    check(name, True)
    return seen


async def books(exchange):
    for depth in [1, 50, 200, 1000]:
        symbol = OTHERS[0] if depth == 1000 else OTHERS[1] if depth == 200 else SYMBOL
        await exchange.close()
        sizes = set()
        for _ in range(15):
            book = await within(exchange.watch_order_book(symbol, depth))
            sizes.add((len(book["bids"]), len(book["asks"])))
            bids, asks = book["bids"], book["asks"]
            check_sorted = list(bids) == sorted(bids, reverse=True) and list(asks) == sorted(asks)
            if not check_sorted or bids[0][0] >= asks[0][0]:
                raise SystemExit(f"FAILED: book of {depth} is out of order")
        check(f"book of {depth}: every delta keeps its size", sizes == {(depth, depth)}, sizes)
        # The book that grew from deltas is the one that a question gets. Prices move meanwhile.
        asked = await exchange.fetch_order_book(symbol, min(depth, 1000))
        check(f"book of {depth}: near what REST says",
              abs(asked["bids"][0][0] / bids[0][0] - 1) < 0.01)


async def market(exchange):
    trades, ticker, tickers, candles, bids = await asyncio.gather(
        within(exchange.watch_trades(SYMBOL)), within(exchange.watch_ticker(SYMBOL)),
        within(exchange.watch_tickers(OTHERS)), within(exchange.watch_ohlcv(SYMBOL, "1m")),
        within(exchange.watch_bids_asks([SYMBOL])))
    check("trades", trades[-1]["symbol"] == SYMBOL and trades[-1]["amount"] > 0)
    check("ticker", ticker["bid"] < ticker["ask"])
    check("tickers", set(tickers) <= set(OTHERS) and tickers)
    check("candles", candles[-1][2] >= candles[-1][3])
    check("touch", bids[SYMBOL]["bid"] < bids[SYMBOL]["ask"])


async def trading(exchange):
    last = (await exchange.fetch_ticker(SYMBOL))["last"]
    low = exchange.price_to_precision(SYMBOL, last * 0.9)
    lower = exchange.price_to_precision(SYMBOL, last * 0.89)

    first = asyncio.ensure_future(within(exchange.watch_orders(SYMBOL)))
    fill = asyncio.ensure_future(within(exchange.watch_my_trades(SYMBOL)))
    balance = asyncio.ensure_future(within(exchange.watch_balance()))
    held = asyncio.ensure_future(until(
        "position is told", lambda: exchange.watch_positions([SYMBOL]),
        lambda rows: any(row["contracts"] == 0.02 for row in rows)))
    await asyncio.sleep(1)  # Bybit tells nothing of what was before a subscription.

    resting = await within(exchange.create_order_ws(SYMBOL, "limit", "buy", 0.02, low))
    check("order is told", (await first)[-1]["id"] == resting["id"])
    told = asyncio.ensure_future(until(
        "amendment is told", lambda: exchange.watch_orders(SYMBOL),
        lambda rows: any(row["price"] == float(lower) for row in rows)))
    await asyncio.sleep(0)
    await within(exchange.edit_order_ws(resting["id"], SYMBOL, "limit", "buy", 0.02, lower))
    await told
    told = asyncio.ensure_future(until(
        "cancelling is told", lambda: exchange.watch_orders(SYMBOL),
        lambda rows: any(
            row["id"] == resting["id"] and row["status"] == "canceled" for row in rows)))
    await asyncio.sleep(0)
    await within(exchange.cancel_order_ws(resting["id"], SYMBOL))
    await told

    opened = await within(exchange.create_order_ws(SYMBOL, "market", "buy", 0.02))
    fills = await fill
    check("fill is told", fills[-1]["order"] == opened["id"] and fills[-1]["fee"]["cost"] > 0)
    await held
    check("balance is told", (await balance)["USDT"]["total"] > 0)
    try:
        await within(exchange.create_order_ws(
            SYMBOL, "market", "buy", 0.02, None, {"reduceOnly": True}))
        raise SystemExit("FAILED: reduce-only on the same side was taken")
    except ccxt.InvalidOrder:
        check("reduce-only on the same side is refused", True)

    # The private stream is cut: the client notices and comes again by itself.
    control("cut")
    await asyncio.sleep(0.5)
    flat = asyncio.ensure_future(until(
        "after a cut the stream tells on", lambda: again(exchange.watch_orders, SYMBOL),
        lambda rows: any(row["status"] == "closed" for row in rows)))
    await asyncio.sleep(1)
    await within(exchange.create_order_ws(
        SYMBOL, "market", "sell", 0.02, None, {"reduceOnly": True}))
    await flat


async def again(watch, symbol):
    """A cut shows as an error once; then it is watched anew."""
    try:
        return await watch(symbol)
    except ccxt.NetworkError:
        return await watch(symbol)


async def main():
    exchange = client()
    try:
        await exchange.load_markets()
        await books(exchange)
        await market(exchange)
        await trading(exchange)
    finally:
        await exchange.close()
    done()


asyncio.run(main())
