// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// How often what goes wrong in a simulated history, each as a probability at every occasion.
public struct SimulatedFaults: Sendable, Hashable {
    /// A process dies on its way to or from something outside of it.
    public var death = 0.0
    /// A process stands still for a long while and then goes on as if nothing had happened.
    public var pause = 0.0
    /// Something takes its time.
    public var delay = 0.0
    /// A process's idea of the time of day jumps.
    public var clockJump = 0.0
    /// The ledger is busy, full or unreachable, and stores nothing.
    public var ledger = 0.0
    /// The ledger stores what it is given, and the answer is lost.
    public var lostAnswer = 0.0
    /// What was sent to the ledger arrives later than anybody waits for the answer, or a second time.
    public var lateAppend = 0.0
    /// The power fails, every ten minutes: what the ledger has not synced is lost in part.
    public var powerCut = 0.0
    /// A performer declines, fails, or cannot be reached.
    public var performer = 0.0
    /// A performer answers with something that does not fit.
    public var nonsense = 0.0
    /// A performer does not answer until it is told to stop.
    public var hanging = 0.0
    /// The workspace cannot be reached.
    public var world = 0.0
    /// What is sent is lost, late or doubled on the way, and so are answers.
    public var messages = 0.0
    /// The store that grants leases has a clock that jumps, so that two workers hold the same run.
    public var leaseClock = 0.0
    /// A step fails, or its forecast is wrong.
    public var surprise = 0.0
    /// A person does something else than choose an option from what stands.
    public var people = 0.0

    /// Makes a history without faults.
    public init() {}

    /// Draws which faults there are, and how often: each history has some and lacks others, so that none hides another.
    init(from chance: Chance) {
        func rate(_ rates: Double...) -> Double { chance.happens(0.5) ? 0 : chance.pick(rates) ?? 0 }
        death = rate(0.002, 0.01, 0.03)
        pause = rate(0.002, 0.01, 0.03)
        delay = rate(0.05, 0.3)
        clockJump = rate(0.002, 0.02)
        ledger = rate(0.005, 0.03)
        lostAnswer = rate(0.005, 0.03)
        lateAppend = rate(0.005, 0.03)
        powerCut = rate(0.2, 0.6)
        performer = rate(0.05, 0.2)
        nonsense = rate(0.05, 0.2)
        hanging = rate(0.02, 0.1)
        world = rate(0.01, 0.05)
        messages = chance.happens(0.25) ? 0 : chance.pick([0.3, 0.6]) ?? 0
        leaseClock = rate(0.02, 0.1)
        surprise = rate(0.1, 0.4)
        people = rate(0.1, 0.4, 0.8)
    }
}
