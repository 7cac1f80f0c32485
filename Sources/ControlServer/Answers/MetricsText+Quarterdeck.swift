import TradingModel

extension MetricsText {
  /// - Parameters:
  ///   - view: Nil when the engine does not answer.
  ///   - refused: Requests turned away here, by reason.
  init(
    _ view: Glance.View?, _ program: ProgramFigures, refused: [(label: String, count: UInt64)],
    at now: Timestamp
  ) {
    self.init()
    describe(program, at: now)
    gauge(
      "quarterdeck_engine_up", "Whether the engine answers, 1 or 0.", view == nil ? "0" : "1")
    if let view {
      describe(view.snapshot)
      describe(view.figures)
    }
    family(
      "quarterdeck_control_refused_total", "Requests to this server that were refused.", .counter,
      label: "reason", refused.map { ($0.label, "\($0.count)") })
    var queues: [(label: String, value: String)] = []
    if let figures = view?.figures {
      queues = [
        ("inbox", "\(figures.inboxDepth)"), ("effects", "\(figures.effectsWaiting)"),
        ("orders", "\(figures.ordersUnderWay)"),
      ]
    }
    if let depth = program.outboxDepth { queues.append(("outbox", "\(depth)")) }
    family("quarterdeck_queue_depth", "What waits, by queue.", .gauge, label: "queue", queues)
  }

  private mutating func describe(_ program: ProgramFigures, at now: Timestamp) {
    family(
      "quarterdeck_build_info", "The version that runs.", .gauge, label: "version",
      [(program.version, "1")])
    gauge(
      "quarterdeck_uptime_seconds", "Since the start.",
      Self.seconds(max(.zero, now - program.startedAt)))
    gauge(
      "process_resident_memory_bytes", "Memory held by the process.",
      program.residentBytes.map { "\($0)" })
    gauge("quarterdeck_store_bytes", "Size of the journal.", program.storeBytes.map { "\($0)" })
    gauge(
      "quarterdeck_clock_skew_seconds", "The venue's clock less ours.",
      program.clockSkew.map(Self.seconds))
    gauge(
      "quarterdeck_chat_poll_age_seconds", "Since the chat service was heard last.",
      program.pollAge.map(Self.seconds))
  }

  private mutating func describe(_ snapshot: EngineSnapshot) {
    gauge(
      "quarterdeck_trading_enabled", "No lock forbids every entry, 1 or 0.",
      snapshot.isTradingEnabled ? "1" : "0")
    gauge(
      "quarterdeck_panic_tripped", "The panic lock stands, 1 or 0.",
      snapshot.locks.contains { $0.kind == .panic } ? "1" : "0")
    family(
      "quarterdeck_link_up", "Whether a link is up, 1 or 0.", .gauge, label: "link",
      snapshot.links.map { ($0.name.rawValue, $0.isUp ? "1" : "0") })
    family(
      "quarterdeck_signals_total", "Signals that reached the gate, by engine.", .counter,
      label: "engine", snapshot.modules.map { ($0.name.rawValue, "\($0.signals)") })
    if case .known(let wallet, _) = snapshot.wallet {
      gauge("quarterdeck_equity_usdt", "Equity of the account.", wallet.equity.description)
      gauge(
        "quarterdeck_positions", "Open positions of the account.", "\(snapshot.positions.count)")
    }
    gauge(
      "quarterdeck_day_pnl_usdt", "Equity less the baseline of the UTC day.",
      snapshot.day?.net.description)
    gauge(
      "quarterdeck_day_pnl_ratio", "The same, as a share of the baseline.",
      snapshot.day?.result.description)
    gauge(
      "quarterdeck_initial_margin_ratio", "Initial margin in use, as a share of equity.",
      snapshot.margin?.initialUse.description)
    gauge(
      "quarterdeck_maintenance_margin_ratio", "Maintenance margin, as a share of equity.",
      snapshot.margin?.maintenanceUse?.description)
  }

  private mutating func describe(_ figures: EngineFigures) {
    histogram(
      "quarterdeck_frame_to_decision_seconds",
      "From a market event, decoded from its frame, to what the engine made of it.",
      figures.frameToDecision)
    histogram(
      "quarterdeck_decision_to_wire_seconds",
      "From a decision to the moment its order is handed to the venue's connection.",
      figures.decisionToWire)
    histogram(
      "quarterdeck_command_to_reply_seconds", "From a command to its last answer.",
      figures.commandToReply)
    family(
      "quarterdeck_market_events_total", "Market events read from stream frames, by link.",
      .counter, label: "link", Self.rows(figures.marketEvents))
    counter(
      "quarterdeck_market_events_dropped_total", "Market events that came too fast.",
      figures.droppedEvents)
    family(
      "quarterdeck_reconnects_total", "How often a link came up again.", .counter, label: "link",
      Self.rows(figures.reconnects))
    family(
      "quarterdeck_order_rejects_total", "Orders that the venue refused, by its code.", .counter,
      label: "code", Self.rows(figures.rejects))
    family(
      "quarterdeck_signals_refused_total", "Signals that the gate refused, by check.", .counter,
      label: "reason", Self.rows(figures.refusals))
  }

  private static func rows(
    _ counts: [EngineFigures.Count]
  ) -> [(label: String, value: String)] {
    counts.map { ($0.name, "\($0.count)") }
  }
}
