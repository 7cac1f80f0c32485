"""ccxt.pro, unmodified but for its addresses, on the loopback Binance: books, trades, tickers and candles
as they move, orders, positions and balances as they change, and orders over the WebSocket API.

Usage: ccxt_pro_binance_check.py ADDRESSES, the JSON line that `quarterdeck simulate` prints.
"""

import asyncio

import ccxt.pro

from checks import addresses, check, control, done

SYMBOL = "SOL/USDT:USDT"
OTHER = "ETH/USDT:USDT"
PATIENCE = 15


def make():
    exchange = ccxt.pro.binanceusdm({
        "apiKey": addresses["api_key"], "secret": addresses["api_secret"],
        "options": {"fetchCurrencies": False, "fetchMarkets": {"types": ["linear"]}},
    })
    api = exchange.urls["api"]
    for name in api:
        if isinstance(api[name], str) and "fapi.binance.com" in api[name]:
            api[name] = api[name].replace("https://fapi.binance.com", addresses["binance_rest"])
    api["ws"]["linear"] = addresses["binance_ws"] + "/ws"
    api["ws"]["ws-api"]["linear"] = addresses["binance_ws"] + "/ws-fapi/v1"
    return exchange


async def within(name, watch, condition=lambda _: True):
    """Watches until what comes is what is expected, for so many seconds at most."""
    async def watching():
        while True:
            answer = await watch()
            if condition(answer):
                return answer

    try:
        answer = await asyncio.wait_for(watching(), PATIENCE)
    except asyncio.TimeoutError:
        raise SystemExit(f"FAILED: {name}: not within {PATIENCE} s")
    check(name, True)
    return answer


async def market_data(exchange):
    nonces = set()

    def moves(book):
        nonces.add(book["nonce"])
        bids, asks = [row[0] for row in book["bids"]], [row[0] for row in book["asks"]]
        check("book is sorted", bids == sorted(bids, reverse=True) and asks == sorted(asks)
              and bids[0] < asks[0])
        return len(nonces) >= 10

    await within("book moves", lambda: exchange.watch_order_book(SYMBOL), moves)
    for depth in [5, 20]:
        await within(f"book of {depth}", lambda: exchange.watch_order_book(OTHER, depth),
                     lambda book: len(book["bids"]) >= 5)
    await within("books", lambda: exchange.watch_order_book_for_symbols([SYMBOL, OTHER]))
    await within("trades", lambda: exchange.watch_trades(SYMBOL),
                 lambda trades: trades[-1]["price"] > 0)
    await within("ticker", lambda: exchange.watch_ticker(SYMBOL), lambda row: row["last"] > 0)
    await within("tickers", lambda: exchange.watch_tickers(), lambda rows: len(rows) > 1)
    await within("best prices", lambda: exchange.watch_bids_asks([SYMBOL]),
                 lambda rows: rows[SYMBOL]["bid"] < rows[SYMBOL]["ask"])
    await within("candles", lambda: exchange.watch_ohlcv(SYMBOL, "1m"),
                 lambda rows: rows[-1][4] > 0)
    await within("mark price", lambda: exchange.watch_mark_price(SYMBOL),
                 lambda row: row["markPrice"] > 0)
    await within("mark prices", lambda: exchange.watch_mark_prices(), lambda rows: len(rows) > 1)


async def lost_events(exchange):
    """A gap in the book makes the client begin anew, and it goes on."""
    control("faults", service="binance_stream", endpoint="solusdt@depth@100ms", fault="lose", times=2)
    try:
        await asyncio.wait_for(collect(exchange, 12), PATIENCE)
    except ccxt.ChecksumError:
        check("a gap is noticed", True)
    await within("the book goes on", lambda: exchange.watch_order_book(SYMBOL))


async def collect(exchange, count):
    for _ in range(count):
        await exchange.watch_order_book(SYMBOL)


async def account(exchange):
    told = {"orders": [], "positions": [], "trades": [], "balances": []}

    async def listen(name, watch):
        while True:
            told[name].append(await watch())

    tasks = [asyncio.create_task(listen(name, watch)) for name, watch in [
        ("orders", lambda: exchange.watch_orders(SYMBOL)),
        ("positions", lambda: exchange.watch_positions([SYMBOL])),
        ("trades", lambda: exchange.watch_my_trades(SYMBOL)),
        ("balances", exchange.watch_balance),
    ]]

    async def wait_for(name, condition):
        for _ in range(PATIENCE * 50):
            if condition():
                return check(name, True)
            await asyncio.sleep(0.02)
        raise SystemExit(f"FAILED: {name}: not within {PATIENCE} s {told}")

    def seen(order, status):
        return any(row["id"] == order["id"] and row["status"] == status
                   for rows in told["orders"] for row in rows)

    await asyncio.sleep(1)
    last = (await exchange.fetch_ticker(SYMBOL))["last"]
    low = exchange.price_to_precision(SYMBOL, last * 0.97)
    resting = await exchange.create_order(SYMBOL, "limit", "buy", 1, low)
    await wait_for("a resting order is told", lambda: seen(resting, "open"))
    await exchange.cancel_order(resting["id"], SYMBOL)
    await wait_for("a cancelled order is told", lambda: seen(resting, "canceled"))
    opened = await exchange.create_order(SYMBOL, "market", "buy", 2)
    await wait_for("a filled order is told", lambda: seen(opened, "closed"))
    await wait_for("its fill is told", lambda: any(
        row["order"] == opened["id"] and row["fee"]["cost"] > 0
        for rows in told["trades"] for row in rows))
    await wait_for("the position is told", lambda: any(
        row["contracts"] == 2 and row["side"] == "long"
        for rows in told["positions"] for row in rows))
    await wait_for("the balance is told", lambda: any(
        row["USDT"]["total"] for row in told["balances"] if "USDT" in row))
    await over_the_socket(exchange, last)
    closed = await exchange.create_order(SYMBOL, "market", "sell", 2, None, {"reduceOnly": True})
    await wait_for("the close is told", lambda: seen(closed, "closed"))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def over_the_socket(exchange, last):
    low = exchange.price_to_precision(SYMBOL, last * 0.97)
    placed = await asyncio.wait_for(
        exchange.create_order_ws(SYMBOL, "limit", "buy", 1, float(low)), PATIENCE)
    check("placed over the socket", placed["status"] == "open")
    lower = exchange.price_to_precision(SYMBOL, last * 0.96)
    edited = await asyncio.wait_for(exchange.edit_order_ws(
        placed["id"], SYMBOL, "limit", "buy", 1, float(lower)), PATIENCE)
    check("modified over the socket", edited["price"] == float(lower))
    cancelled = await asyncio.wait_for(
        exchange.cancel_order_ws(placed["id"], SYMBOL), PATIENCE)
    check("cancelled over the socket", cancelled["status"] == "canceled")
    stop = await asyncio.wait_for(exchange.create_order_ws(
        SYMBOL, "market", "sell", 1, None,
        {"stopLossPrice": exchange.price_to_precision(SYMBOL, last * 0.8)}), PATIENCE)
    check("a stop over the socket", stop["id"] is not None)
    await exchange.cancel_all_orders(SYMBOL, {"trigger": True})
    held = await asyncio.wait_for(exchange.fetch_positions_ws([SYMBOL]), PATIENCE)
    check("positions over the socket", held[0]["contracts"] == 2)
    balance = await asyncio.wait_for(exchange.fetch_balance_ws(), PATIENCE)
    check("balance over the socket", balance["USDT"]["total"] > 0)
    book = await asyncio.wait_for(exchange.fetch_order_book_ws(SYMBOL, 5), PATIENCE)
    check("book over the socket", len(book["bids"]) == 5)
    ticker = await asyncio.wait_for(exchange.fetch_ticker_ws(SYMBOL), PATIENCE)
    check("ticker over the socket", ticker["bid"] < ticker["ask"])


async def main():
    exchange = make()
    try:
        await exchange.load_markets()
        await market_data(exchange)
        await lost_events(exchange)
        await account(exchange)
    finally:
        await exchange.close()


asyncio.run(main())
done()
