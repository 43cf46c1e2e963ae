// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import AgencyRuntime
import AgencySchema
import ArgumentParser
import Foundation

/// Folds a run's history again and compares every decision with the recorded one.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Decide a run's history again, with no performer called, and compare it with the record.",
        discussion: """
            Which episodes are due and their exact prompts, which outputs are taken, what is put before the person, what is \
            authorised, halted, undone and concluded is decided anew by this version of agency; answers, observations, \
            people's acts and times are taken from the record. Ends with status 1 when a decision differs. A prompt or a \
            wording that differs is reported and is no failure, because versions may change them on purpose, unless --strict.
            """
    )

    @Argument(help: "The run; the latest when left out.")
    var run: String?
    @Option(help: "Replay a history that was saved, instead of a run of the ledger.")
    var from: String?
    @Option(help: "Save the history with what it comes to in this file, for other versions to replay.")
    var save: String?
    @Flag(help: "Fail when a prompt or a wording differs too.")
    var strict = false
    @Flag(help: "Print JSON.")
    var json = false
    @OptionGroup var home: HomeOptions

    func validate() throws {
        if from != nil, run != nil { throw ValidationError("--from replays a file; leave the run out") }
    }

    func run() async throws {
        var expected: History.Expected?
        let replay: Replay
        if let from {
            let history = try History(reading: try readFile(from))
            expected = history.expected
            replay = try await history.replayed()
        } else {
            let setup = try await Setup.existing(home.folder)
            let id = try await setup.resolve(run)
            replay = try await setup.agency.replay(id)
        }
        if let save { try await write(replay, to: save) }
        let isSame = expected.map { $0.state == replay.state.digest } ?? true
        Terminal.out(json ? Self.json(replay, expected).prettyText : Terminal.text(ReplayText(replay)))
        if !isSame, let expected, !json {
            Terminal.out("✗ the history folded to state \(expected.state) where it was saved")
        }
        guard replay.agrees, isSame, !strict || replay.counts.isEmpty else { throw ExitStatus.unmet }
    }

    private func write(_ replay: Replay, to path: String) async throws {
        var history: History
        if let from {
            history = try History(reading: try readFile(from))
        } else {
            history = try await Setup.existing(home.folder).agency.history(of: replay.state.run)
        }
        history.expected = History.Expected(replay)
        try Output.write(try history.bytes(), to: path)
        Terminal.error("saved \(path)")
    }

    private static func json(_ replay: Replay, _ expected: History.Expected?) -> JSONValue {
        func count(_ kind: Divergence.Kind) -> JSONValue { .integer(Int64(replay.counts[kind] ?? 0)) }
        return [
            "run": .string(replay.state.run.rawValue), "events": .integer(Int64(replay.state.sequence + 1)),
            "agrees": .bool(replay.agrees), "state": .string(replay.state.digest.hex),
            "expected_state": expected.map { .string($0.state.hex) } ?? .null,
            "decisions": ["compared": .integer(Int64(replay.decisions)), "differ": count(.decision)],
            "prompts": [
                "compared": .integer(Int64(replay.prompts)), "differ": count(.prompt),
                "not_compared": .integer(Int64(replay.promptsNotCompared)),
            ],
            "wordings": ["differ": count(.wording)], "unrecognized": .integer(Int64(replay.unrecognized)),
            "first": (replay.first(.decision) ?? replay.divergences.first).flatMap { try? JSONValue(encoding: $0) }
                ?? .null,
            "divergences": (try? JSONValue(encoding: replay.divergences)) ?? [],
            "next": replay.next.map { .string($0) } ?? .null,
        ]
    }
}
