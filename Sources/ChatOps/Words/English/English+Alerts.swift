extension English {
  static let alerts: [Phrase: String] = [
    .imWarn:
      "🟠 IM {use} (limit {limit}). New entries stopped. At {block}% the bot closes {cut}% of everything.",
    .imLargest: "Largest: {symbol} {share}.",
    .imCut: "🔴 IM {use}. Closing {share}% of {positions} now ({number} of {most}).",
    .imCutDone: "{beginning} Done in {span}, IM {use}. Next not before {next}.",
    .imCutPartly:
      "{beginning} {closed} of {count} done in {span}, IM {use}. Next not before {next}.",
    .imUnblocked:
      "🟢 IM {use}, under {limit}% again after {cuts} {cuts:reduction|reductions}. New entries stay stopped while it is over {warn}%.",
    .imStuck:
      "🔴 IM {use} (limit {limit}), and nothing is open that the bot may close. Bring money in, or close something yourself.",
    .imCloseAll: "🔴 IM {use}. Closing everything, locked until /unlock.",
    .imCloseAllAfter:
      "🔴 IM {use} after {cuts} {cuts:reduction|reductions}. Closing everything, locked until /unlock.",
    .imNormal: "🟢 IM back at {use} after {age} (peak {peak}).",
    .dayNear: "🟠 Day {result}. Daily stop at {limit}% is {missing} USDT away.",
    .dayStop: "🔴 DAILY STOP {result} ({amount}). Closing everything.",
    .dayTarget:
      "🏁 DAILY TARGET {result} ({amount}). Closing everything, locked until the new UTC day.",
    .dayEnded: "Day {amount} ({result})",
    .dayLimitWaits:
      "🟠 Day {result} would fire a limit, but {amount} USDT came or went that no execution explains, and the list of transfers can't be read: {why}. The limit waits for it. Close by hand if this is a loss.",
    .dayLimitWaitsUnread:
      "🟠 Day {result} would fire a limit, but the list of transfers was not read since the start: {why}. The limit waits for it. Close by hand if this is a loss.",
    .startLoss: "🔴 {result} since the start ({amount}). Closing everything, locked until /unlock.",
    .balanceLow: "🟠 Balance {balance} USDT, at least {least} is asked. No new entries.",
    .balanceEnough: "🟢 Balance {balance} USDT: enough again.",
    .clockOff:
      "🟠 The clock is {skew} ms off {venue}'s. Over {limit} ms entries stop: let the machine set its time (NTP).",
    .clockStops:
      "🟠 The clock is {skew} ms off {venue}'s, over {limit} ms. Entries stopped: let the machine set its time (NTP).",
    .clockRight: "🟢 The clock agrees with {venue}'s again ({skew} ms).",
    .newDay:
      "UTC day {date}. New baseline {equity} → stop {stop} · target {target}",

    .orderFailing: "🟠 Orders failing: {symbol}, {reason}, {count}×.",
    .ordersFailing:
      "🟠 Orders failing: {symbol}, {reason}, {count}× since {since}, last {last}.",
    .ordersFailingTogether:
      "🟠 Orders failing: {symbols} symbols, {count}×: {list}. {reasons}.",
    .ordersCalm: "🟢 {symbol}: no order failed for {age} ({count}× before).",

    .opened: "Opened {position} @ {price} · {owner}",
    .closedPosition: "Closed {position} @ {price} · {facts}",
    .liquidated: "🔴 LIQUIDATED by {venue}",
    .liquidatedPosition: "{position} @ {price} · {facts}",
    .liquidatedAdvice:
      "The venue closed it by force, before its stop did. Look at what is open and at the margin.",
    .exitByPerson: "/{command} by {name}",
    .exitByCommand: "by a command",
    .exitByLimits: "by the risk limits",
    .closeFailed: "🔴 {symbol} cannot be closed: {reason}, try {try} of {tries}.",
    .stopMissing:
      "🔴 {position} has no stop on {venue}. It was opened by hand, and protect_manual is off: the bot leaves it alone.",
    .emergencyClose: "🔴 {position} had no stop. Closing it now.",
    .stopNotMoved:
      "🟠 {symbol}: stop and target of the average entry could not be set, stop to {wanted}: {reason}. The stop at {price} stays.",
    .stopSet: "🟢 {symbol}: stop at {price} confirmed on {venue}.",

    .linkDown: "🟠 {venue} {link} silent for {age}. Entries stopped. Stops are on the exchange.",
    .feedStale: "🟡 {venue} {link} silent for {age}: what lives on them is idle.",
    .feedStaleOfTwo:
      "🟡 {venue} {link} silent for {age}. Entries go on from those of {other} alone.",
    .linkUp: "🟢 {venue} {link} back after {age}.",
    .accountUnknown:
      "🟠 The account could not be read: {why}. Entries stopped, no limit is judged, closing works.",
    .accountKnown: "🟢 The account is read again after {age}.",

    .startedVersion: "🟢 Started {version}",
    .startedPositions: "{positions} found on {venue}, {matching} match",
    .startedState: "state {state}",
    .downPlanned: "down for {age} (planned)",
    .downCrashed: "down for {age} after a crash",
    .inFlight: "{count} {count:command was|commands were} in flight: {list}",
    .stopping: "⏹ Stopping. No new entries; stops stay on {venue}.",
    .lockEnded: "{lock} lifted.",
    .pauseEnded: "The pause of {engine} is over.",
    .haltEnded: "The halt by /kill is over.",
    .mismatch:
      "🔴 {venue} shows {symbol} {theirs}, the bot expected {ours}. Entries in {base} stopped.",
    .reconciled: "Taken over from {venue}:",
    .storeAlert: "🔴 Cannot write the store ({why}). Entries stopped.",
    .storeWorks: "🟢 The store is written again.",
    .guardTook:
      "{icon} The bot is down: {why}. I am the guard: I see and close what is open on {venue}, and enter nothing.",
    .guardRestarting: "It is being started again.",
    .mainDied: "its process ended",
    .mainHung: "it hung for {age} and was ended",
    .mainStopped: "it was stopped",
    .mainNotStarted: "it is not running",
    .guardStops:
      "⏹ The guard stops. Nobody answers here until the bot is started; stops stay on {venue}.",
    .guardAbsent:
      "🟠 The guard has not been there for {age}: if the bot dies, nobody answers here. Start quarterdeck guard.",
    .guardReady: "🟢 The guard is ready again after {age}.",
    .restartLoop: "🔴 {count} starts in 10 min. PAUSED: no new entries until /resume.",
    .startedGuarded: "the guard had the chat for {age}",
    .memoryLost: "🔴 The journal: {why}",
    .controlAbsent:
      "🟠 The control server can't listen on {place}, so there is no POST /panic: {why}. It is tried again.",
    .controlReady: "🟢 The control server listens on {place}, after {age}.",
    .leverageLowered:
      "🟠 {venue} does not take the leverage of coins.yaml: {list}. The lower one is used.",
    .chatConflict:
      "🟠 Another program uses this bot token. If it is not yours, revoke the token at BotFather.",
    .stranger: "Someone not on the list wrote to the bot: id {id}, \"{name}\".",

    .late: "Late: this is from {time}.",
    .mayBeRepeat: "(may be a repeat)",
    .expiredNotices:
      "While the chat was out of reach {count} {count:notice|notices} grew too old and {count:was|were} left out.",
  ]
}
