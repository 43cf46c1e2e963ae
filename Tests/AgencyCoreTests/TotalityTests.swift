// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import AgencyTestKit
import Testing

/// Whatever a record says, folding it comes to an end and so does asking what is due.
@Suite struct TotalityTests {
    static let histories: [[Event]] = (1...3).map { seed in
        var history = History(SimulatedRun(seed: UInt64(seed), critique: seed % 2))
        history.drive()
        return history.events.map(\.event)
    }

    static func fold(_ events: [Event]) -> RunState {
        var state = RunState(run: History.run)
        for (sequence, event) in events.enumerated() {
            state.apply(RecordedEvent(sequence: sequence, atMilliseconds: Int64(sequence), event: event))
            _ = state.agenda()
            _ = state.dueOrders()
        }
        _ = state.currentSheet
        if let next = state.enactment.next { _ = try? state.authorize(next.id, now: 0) }
        return state
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `histories that are shuffled, cut and repeated are folded without a trap`(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var events = try #require(Self.histories.randomElement(using: &generator))
        for _ in 0..<Int.random(in: 1...12, using: &generator) {
            let index = Int.random(in: 1..<events.count, using: &generator)
            let other = Int.random(in: 1..<events.count, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: events.swapAt(index, other)
            case 1: events.insert(events[other], at: index)
            case 2 where events.count > 2: events.remove(at: index)
            default: events.insert(try #require(EventTests.events.randomElement(using: &generator)), at: index)
            }
        }
        let state = Self.fold(events)
        #expect(state.sequence == events.count - 1, "seed \(seed)")
        // No step is done that was not intended, observed and settled before.
        for done in state.enactment.done {
            #expect(state.enactment.trials.contains { $0.step == done.step && $0.result != nil }, "seed \(seed)")
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `a history in any order at all is folded without a trap`(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let events = try #require(Self.histories.randomElement(using: &generator)).shuffled(using: &generator)
        #expect(Self.fold(events).sequence == events.count - 1, "seed \(seed)")
    }

    @Test func `a history that is left alone has nothing wrong with it`() {
        for events in Self.histories {
            let state = Self.fold(events)
            #expect(state.anomalies.isEmpty)
            #expect(state.finished?.outcome == .done)
        }
    }

    @Test func `numbers beyond all bounds are folded without a trap and without end`() {
        var simulated = SimulatedRun(critique: 1)
        simulated.architecture.flow[0] = .propose(role: "writer", count: .max)
        simulated.architecture.flow[1] = .critique(role: "critic", rounds: .max)
        simulated.architecture.flow[4] = .choose(expires: .max, returns: .max)
        var history = History(simulated)
        #expect(history.state.dueOrders().count == Limits.proposals.upperBound)
        for order in history.state.dueOrders() {
            history.begin(order)
            var completed = History.completed(order.id, simulated.output(of: order.id))
            completed.usage = Usage(
                inputTokens: .max,
                outputTokens: .max,
                money: Money(microdollars: .max),
                calls: .max
            )
            completed.milliseconds = .max
            history.record(.episodeCompleted(completed))
        }
        #expect(history.state.spent.tokens == .max)
        history.drive()
        #expect(history.state.finished != nil)
        var negative = SimulatedRun(critique: 0)
        negative.architecture.flow[0] = .propose(role: "writer", count: .min)
        #expect(History(negative).state.dueOrders().count == 1)
    }

    @Test(
        arguments: [
            [], [.enact(role: "keeper", surprise: 0.8)], [.choose(expires: 1, returns: 0)],
            [.update(role: "reviser", atMost: 1)],
        ] as [[Stage]]
    )
    func `a flow that no rule allows is folded without a trap and enacts nothing`(flow: [Stage]) {
        var simulated = SimulatedRun(critique: 0)
        simulated.architecture.flow = flow
        var history = History(simulated)
        history.drive()
        #expect(history.state.enactment.trials.isEmpty)
    }
}
