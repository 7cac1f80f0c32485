import Testing

@testable import Quarterdeck

struct RestartPlanTests {
  private var plan = RestartPlan()

  @Test mutating func `the wait doubles from one second to sixty`() {
    var waits: [Duration] = []
    for second in 0..<8 {
      _ = plan.start(at: .seconds(second))
      waits.append(plan.ended(at: .seconds(second)))
    }
    #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
  }

  @Test mutating func `ten minutes of life make it begin anew`() {
    _ = plan.start(at: .zero)
    #expect(plan.ended(at: .seconds(1)) == .seconds(1))
    _ = plan.start(at: .seconds(2))
    #expect(plan.ended(at: .seconds(602)) == .seconds(1))
    #expect(plan.start(at: .seconds(603)) == nil)
  }

  @Test mutating func `the third start within ten minutes is one too many`() {
    #expect(plan.start(at: .zero) == nil)
    #expect(plan.start(at: .seconds(300)) == nil)
    #expect(plan.start(at: .seconds(599)) == 3)
    #expect(plan.start(at: .seconds(600)) == 3, "the first has left the ten minutes")
    #expect(plan.start(at: .seconds(1300)) == nil)
  }
}
