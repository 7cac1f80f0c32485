extension Duration {
  /// How long, whichever way it points.
  public var magnitude: Duration { self < .zero ? .zero - self : self }
}
