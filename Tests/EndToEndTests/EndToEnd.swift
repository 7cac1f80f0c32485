import Testing

/// The program as it is built, as a process of its own, over real sockets: one story at a time,
/// because each wants the machine for itself.
@Suite(.serialized, .timeLimit(.minutes(2))) enum EndToEnd {}
