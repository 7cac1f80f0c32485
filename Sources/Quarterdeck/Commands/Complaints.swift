import ArgumentParser

/// Gathers what is wrong with all that a command was given, so that a person mends it once.
struct Complaints {
  private(set) var problems: [SettingsProblem] = []

  /// - Returns: Nil when that failed for something that a person must mend; other errors are thrown.
  mutating func attempt<Value>(_ work: () throws -> Value) throws -> Value? {
    do {
      return try work()
    } catch let failure as SettingsLoader.Failure {
      problems += failure.problems
    } catch let problem as SettingsProblem {
      problems.append(problem)
    }
    return nil
  }

  mutating func add(_ problem: SettingsProblem) { problems.append(problem) }

  /// Prints them; what to throw then.
  func told() -> ExitCode {
    for problem in problems { Console.error("\(problem)") }
    return ExitCode(2)
  }
}
