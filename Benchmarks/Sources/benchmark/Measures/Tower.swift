// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenAgency
import Synchronization

/// A long work of small voted steps in process: the Towers of Hanoi, by a performer that errs.
enum Tower {
    static func measure(disks: Int, steps: Int, error: Double, lead: Int, durability: Durability) async throws {
        try await withFolder { folder in
            let path = folder + "/ledger.sqlite"
            let store = try SQLiteLedgerStore(path: path)
            let architecture = architecture(lead: lead, steps: steps)
            let agency = Agency(store: store, durability: durability)
            let cast = Cast(everyone: NoisyMover(disks: disks, error: error, last: steps), in: architecture)
            let run = try await agency.start(brief(disks: disks), with: architecture, cast: cast, by: "benchmark")
            let clock = ContinuousClock()
            let before = Machine.processorSeconds
            let start = clock.now
            let state = try await agency.work(on: run, cast: cast)
            let seconds = start.duration(to: clock.now) / .seconds(1)
            let spent = Machine.processorSeconds - before
            guard let work = state.iteration, work.isDone, work.number == steps, state.anomalies.isEmpty else {
                throw UsageFault("the work did not go as planned: \(state.agenda()) \(state.anomalies.prefix(3))")
            }
            let name = "tower, \(durability == .full ? "full" : "relaxed"), \(steps) steps"
            Figure.report("\(name): steps a second", Double(steps) / seconds, "/s")
            Figure.report("\(name): answers a step", Double(work.answers) / Double(steps), "")
            Figure.report("\(name): processor time a step", spent / Double(steps) * 1e6, "µs")
            try await reportOpening(run, in: store, name: name)
            try store.close()
            let bytes = Double(try Floor.sizeInBytes(path))
            Figure.report("\(name): the ledger a step", bytes / Double(steps), "B")
        }
    }

    /// Records such a work in a store, as fast as that goes.
    static func record(disks: Int, steps: Int, in store: SQLiteLedgerStore) async throws -> RunID {
        let architecture = architecture(lead: 1, steps: steps)
        let agency = Agency(store: store, durability: .relaxed)
        let cast = Cast(everyone: NoisyMover(disks: disks, error: 0, last: steps), in: architecture)
        let run = try await agency.start(brief(disks: disks), with: architecture, cast: cast, by: "benchmark")
        _ = try await agency.work(on: run, cast: cast)
        return run
    }

    private static func reportOpening(_ run: RunID, in store: SQLiteLedgerStore, name: String) async throws {
        let clock = ContinuousClock()
        var start = clock.now
        _ = try await Agency(store: store).state(of: run)
        Figure.report("\(name): open the run", start.duration(to: clock.now) / .seconds(1), "s")
        start = clock.now
        let found = try await store.verify(run: run)
        guard found.isSound else { throw UsageFault("the ledger does not verify: \(found.faults.prefix(1))") }
        let seconds = start.duration(to: clock.now) / .seconds(1)
        Figure.report("\(name): events verified a second", Double(found.entriesChecked) / seconds, "/s")
    }

    private static func architecture(lead: Int, steps: Int) -> Architecture {
        var mover = Role(name: "mover", kind: .advance, performer: "mover", instructions: "Move one disk.")
        mover.reads = [.brief]
        mover.vote = VotePolicy(.aheadBy(lead, atMost: 50))
        return Architecture(name: "tower", roles: [mover], flow: [.iterate(role: "mover", atMost: steps)])
    }

    private static func brief(disks: Int) -> Brief {
        let pegs: JSONValue = [.array((1...disks).reversed().map { .integer(Int64($0)) }), [], []]
        return Brief(
            name: "tower",
            title: "Move the tower",
            goals: [Goal(id: "moved", want: "Every disk is on its place.", check: moved)],
            state: ["pegs": pegs, "step": 0]
        )
    }

    private static let moved = Check(tool: "state", arguments: ["pointer": "/step"], expect: .atLeast(1))
}

/// Knows the next move from the number of the step, and moves wrongly in a seeded share of its answers.
final class NoisyMover: Performer {
    let about = "a mover that errs"
    private let disks: Int
    private let error: Double
    private let last: Int
    private let generator = Mutex(SplitMix(seed: 1))

    init(disks: Int, error: Double, last: Int) {
        self.disks = disks
        self.error = error
        self.last = last
    }

    func respond(to request: TurnRequest) async throws -> Turn {
        guard case .user(let parts) = request.messages[1], case .text(let text)? = parts.first,
            let state = Self.state(in: text), let step = state["step"]?.integer,
            var pegs = state["pegs"]?.array?.map({ $0.array ?? [] }), pegs.count == 3
        else { throw PerformerError(.badRequest, "there is no state in the request") }
        let number = Int(step) + 1
        let disk = number.trailingZeroBitCount + 1
        let direction = (disks - disk).isMultiple(of: 2) ? 2 : 1
        let from = (number >> disk) * direction % 3
        var to = (from + direction) % 3
        let errs = generator.withLock { $0.unit() < error }
        if errs { to = 3 - from - to }
        if let moved = pegs[from].popLast() { pegs[to].append(moved) }
        let lists = pegs.map { "[" + $0.map { String($0.integer ?? 0) }.joined(separator: ",") + "]" }
        let all = "[\(lists.joined(separator: ","))]"
        let words = "{\"done\":\(number == last),\"state\":{\"pegs\":\(all),\"step\":\(number)}}"
        return Turn(text: words, performer: about)
    }

    /// The state stands on the line between the marks of the last input.
    private static func state(in text: String) -> JSONValue? {
        let bytes = text.utf8
        var end = bytes.endIndex
        repeat {
            guard let mark = bytes[..<end].lastIndex(of: UInt8(ascii: ">")) else { return nil }
            end = mark
        } while !bytes[..<end].suffix(2).elementsEqual(">>".utf8)
        guard let line = bytes[..<end].lastIndex(of: UInt8(ascii: "\n")),
            let start = bytes[..<line].lastIndex(of: UInt8(ascii: "\n"))
        else { return nil }
        return try? JSONValue(parsing: bytes[bytes.index(after: start)..<line])
    }
}

/// A small seeded generator.
struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A number from 0 to 1.
    mutating func unit() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ (z >> 31)) >> 11) / 9_007_199_254_740_992
    }
}
