import TradingModel

extension Words {
  /// `🟢 RUNNING`: the first words of every screen.
  func badge(_ state: TradingState) -> String {
    let icon =
      switch state {
      case .running: "🟢"
      case .paused: "⏸"
      case .halted: "⏹"
      case .locked: "🔒"
      case .degraded: "🟠"
      }
    return "\(icon) \(word(state))"
  }

  func word(_ state: TradingState) -> String {
    switch state {
    case .running: self(.stateRunning)
    case .paused: self(.statePaused)
    case .halted: self(.stateHalted)
    case .locked: self(.stateLocked)
    case .degraded: self(.stateDegraded)
    }
  }

  func word(_ side: PositionSide) -> String { self(side == .long ? .sideLong : .sideShort) }

  func word(_ kind: Lock.Kind) -> String {
    switch kind {
    case .paused(let engine): self(.lockPaused, ["engine": engine?.rawValue ?? self(.allEngines)])
    case .halted: self(.lockHalted)
    case .day: self(.lockDay)
    case .flagFile: self(.lockFlagFile)
    case .panic: self(.lockPanic)
    }
  }

  func word(_ link: LinkName) -> String {
    switch link {
    case .account: self(.linkAccount)
    case .prices: self(.linkPrices)
    case .liquidations: self(.linkLiquidations)
    case .chat: self(.linkChat)
    }
  }

  /// `3 positions`
  func positions(_ count: Int) -> String { self(.positionsCount, ["count": Figures.count(count)]) }
}
