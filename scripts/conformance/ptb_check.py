"""python-telegram-bot, unmodified but for its base address, against the loopback Telegram.

    python scripts/conformance/ptb_check.py '{"telegram": "http://127.0.0.1:8081", "token": "…",
                                              "control": "http://127.0.0.1:8080"}'

The argument is the line that `quarterdeck simulate` prints. The bot polls, answers a command, edits
its message and handles a tap; the person does her part by the control interface. Prints what was
seen, and exits 0 when all of it was right.
"""

import asyncio
import json
import sys
import urllib.parse
import urllib.request

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, RetryAfter
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, CommandHandler

ANA = 7001
PATIENCE_SECONDS = 30


class Person:
    """Ana's thumb and eyes."""

    def __init__(self, control):
        self.control = control

    async def post(self, route, **fields):
        return await self._ask(route, json.dumps(fields).encode())

    async def see(self, what, test):
        """Waits until a message of the bot passes the test."""
        revision = 0
        for _ in range(50):
            query = urllib.parse.urlencode(
                {"chat": ANA, "after": revision, "wait": PATIENCE_SECONDS})
            phone = await self._ask("chat?" + query)
            for message in phone["chats"][0]["messages"] if phone["chats"] else []:
                if test(message):
                    print(f"seen: {what}")
                    return message, phone
            revision = phone["revision"]
        raise AssertionError(f"never seen: {what}")

    async def _ask(self, route, body=None):
        def ask():
            request = urllib.request.Request(f"{self.control}/control/{route}", data=body)
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS + 10) as answer:
                return json.load(answer)

        return await asyncio.to_thread(ask)


def check(what, holds):
    if not holds:
        raise AssertionError(what)
    print(f"true: {what}")


async def start(update, context):
    keyboard = InlineKeyboardMarkup(
        [[InlineKeyboardButton("Close 100%", callback_data="close:1"),
          InlineKeyboardButton("Keep", callback_data="keep:1")]])
    message = await update.message.reply_html(
        f"Working for <b>{update.effective_user.first_name}</b>…", do_quote=True)
    await message.edit_text(
        "<b>Close</b> BTCUSDT &lt;long&gt;?", parse_mode="HTML", reply_markup=keyboard)
    await update.message.set_reaction("👀")


async def tapped(update, context):
    query = update.callback_query
    await query.answer("Done")
    await query.edit_message_text(f"{query.from_user.first_name} tapped {query.data}")


async def converse(application, person):
    said = await person.post("say", user=ANA, name="Ana", language="ro", text="/start now")
    message, _ = await person.see(
        "the answer, edited, with its buttons",
        lambda m: m["is_bot"] and m["edited"] and m["buttons"] == [["Close 100%", "Keep"]])
    check("marks are read and stripped", message["text"] == "Close BTCUSDT <long>?")
    check("it answers Ana's message", message["reply_to"] == said["message"])
    await person.see("the reaction", lambda m: m["reactions"] == ["👀"])

    await person.post("tap", user=ANA, button="Keep")
    _, phone = await person.see(
        "the tap, in the same message", lambda m: m["text"] == "Ana tapped keep:1")
    check("the toast", phone["toasts"][-1]["text"] == "Done")


async def refusals(application, person):
    bot = application.bot
    for what, arguments, words in [
        ("an unknown chat", {"chat_id": 1, "text": "x"}, "chat not found"),
        ("unknown marks", {"chat_id": ANA, "text": "<x>", "parse_mode": "HTML"},
         "can't parse entities"),
        ("too long a text", {"chat_id": ANA, "text": "x" * 4097}, "message is too long"),
    ]:
        try:
            await bot.send_message(**arguments)
            raise AssertionError(f"{what} was taken")
        except BadRequest as error:
            check(f"{what} is refused", words in str(error).lower())

    await person.post(
        "faults", service="telegram", endpoint="sendMessage", fault="flood", retry_after=1)
    try:
        await bot.send_message(ANA, "too fast")
        raise AssertionError("the flood was not felt")
    except RetryAfter as error:
        seconds = error.retry_after
        check("a flood tells how long to wait",
              getattr(seconds, "total_seconds", lambda: seconds)() == 1)


async def main(addresses):
    application = (
        ApplicationBuilder()
        .token(addresses["token"])
        .base_url(addresses["telegram"] + "/bot")
        .build())
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CallbackQueryHandler(tapped))
    person = Person(addresses["control"])
    async with application:
        await application.start()
        await application.updater.start_polling(timeout=20)
        me = await application.bot.get_me()
        check("the bot knows itself", me.is_bot and str(me.id) == addresses["token"].split(":")[0])
        await application.bot.set_my_commands([("start", "Begin")])
        await converse(application, person)
        await refusals(application, person)
        await application.updater.stop()
        await application.stop()
    print("python-telegram-bot and the loopback Telegram agree")


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
