// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencyReport
import AgencyRuntime
import AgencySchema
import ArgumentParser
import Foundation

/// Asks a role fixed questions, and compares its answers with its earlier ones.
struct Probe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask a role fixed questions, and say whether it still answers as it did.",
        discussion: """
            Each question is put several times, each time to an episode that sees the role's instructions and the question and \
            nothing else. The answers are a run on the ledger. They are compared with those of who played the role before, or \
            with its own earlier ones; where they have moved, the record of the role says so, and no record is carried over.
            """
    )

    @Argument(help: "The role.")
    var role: String
    @Option(name: .shortAndLong, help: "The architecture: a file, or the name of a stock one.")
    var architecture = "change-board"
    @Option(help: "The file of questions (agency schema questions).")
    var questions: String
    @Option(help: "How often each question is put.")
    var times = ProbeQuestion.usualTimes
    @Option(help: "Another profile for the role: ROLE=PROFILE.")
    var performer: [String] = []
    @OptionGroup var cast: CastOptions
    @OptionGroup var home: HomeOptions
    @OptionGroup var person: PersonOptions
    @Flag(help: "Print JSON when all is answered, and nothing else.")
    var json = false

    func validate() throws {
        guard Limits.timesOfProbe.contains(times) else {
            throw ValidationError("--times is a number from \(Limits.timesOfProbe.words)")
        }
        for part in performer where part.split(separator: "=").count != 2 || !part.hasPrefix(role + "=") {
            throw ValidationError("--performer is \(role)=PROFILE: only the probed role performs")
        }
    }

    func run() async throws {
        let asked = try Declarations.questions(questions)
        let profile = performer.last.map { String($0.dropFirst(role.count + 1)) }
        let probing = try Declarations.architecture(architecture).probing(role, times: times, as: profile)
        let setup = try await Setup(home.folder).signing(tells: !json)
        let settings = RunSettings(
            profiles: Declarations.profilesPath(cast.profiles, beside: questions),
            record: cast.record.map(absolute),
            replay: cast.replay.map(absolute)
        )
        if !json {
            let profiles = try Declarations.profiles(cast.profiles, beside: questions)
            let brief = Brief(name: "probe", title: "", goals: [], questions: asked)
            let bounds = probing.bounds(for: brief, profiles: profiles)
            Terminal.error(Terminal.paint("at most " + bounds.summary, .dim, on: 2))
        }
        let (state, status) = try await ProbeUndertaking(
            setup: setup,
            architecture: probing,
            questions: asked,
            settings: settings,
            person: person.person,
            title: "Ask the \(role) \(asked.count) fixed questions",
            isQuiet: json
        ).perform()
        let runs = try await setup.agency.records.over(of: probing.name)
        let key = state.probes.first.flatMap { state.episodes[$0.episode] }.map(state.recordKey)
        let comparison = key.flatMap { RoleProbes(runs).comparison(of: $0) }
        Terminal.out(
            json
                ? Self.json(state, key, comparison).prettyText
                : Terminal.text(ProbeText(state, comparison: comparison))
        )
        if let status { throw status }
    }

    private static func json(_ state: RunState, _ key: RecordKey?, _ comparison: RoleDrift?) -> JSONValue {
        let questions = state.started?.brief.questions ?? []
        let answers: [JSONValue] = state.probes.map { answer in
            let right = questions.first { $0.id == answer.question }?.isRight(answer)
            return [
                "question": .string(answer.question), "time": .integer(Int64(answer.time)),
                "stance": .string(answer.stance.rawValue), "answer": .string(answer.answer),
                "probability": answer.probability.map { .number($0) } ?? .null,
                "right": right.map { .bool($0) } ?? .null,
                "episode": .string(answer.episode.rawValue),
            ]
        }
        return [
            "run": .string(state.run.rawValue),
            "role": .string(state.architecture?.roles.first?.name.rawValue ?? ""),
            "performer": key.map { .string($0.performer) } ?? .null,
            "prompt": key.map { .string($0.prompt) } ?? .null, "answers": .array(answers),
            "missing": .integer(Int64(state.episodes.count - state.probes.count)),
            "comparison": comparison?.json ?? .null,
        ]
    }
}
