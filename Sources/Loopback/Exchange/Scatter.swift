/// Numbers that look like chance and are the same every time: what is made up is a function of its
/// place, so that nothing of it has to be remembered.
enum Scatter {
  /// The finaliser of SplitMix64 (Steele, Lea, Flood, 2014).
  static func mix(_ value: UInt64) -> UInt64 {
    var mixed = value &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// FNV-1a of the text.
  static func seed(of text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  /// Uniform in 0..<1.
  static func unit(_ value: UInt64) -> Double { Double(mix(value) >> 11) * 0x1p-53 }
}
