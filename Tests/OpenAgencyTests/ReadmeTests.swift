// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyTestKit
import Foundation
import OpenAgency
import Testing

@Suite struct ReadmeTests {
    @Test func `the program in the README runs`() async throws {
        let performer = ReadmePerformer()
        let run = try await advise(briefText: Stock.brief, performer: performer)
        #expect(run.finished?.outcome == .chosen)
        #expect(run.choices.map(\.choice.verdict) == [.option("p1")])
    }

    @Test func `the README shows that very program`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
        let source = try String(contentsOf: URL(fileURLWithPath: #filePath), encoding: .utf8)
        let begin = try #require(source.range(of: "// README\n"))
        let end = try #require(source.range(of: "// README ends", range: begin.upperBound..<source.endIndex))
        let program = source[begin.upperBound..<end.lowerBound]
        #expect(readme.contains("import OpenAgency\n\n" + program))
    }
}

// README
func advise(briefText: String, performer: any Performer) async throws -> RunState {
    let brief = try Declaration.readBrief(text: briefText, file: "brief.md")
    let advice = try Declaration.readArchitecture(text: Stock.advice, file: "advice", tools: Tools.manifests)
    let cast = Cast(everyone: performer, in: advice)
    let agency = Agency(store: InMemoryLedgerStore())

    let run = try await agency.start(brief, with: advice, cast: cast, by: "Ada")
    let state = try await agency.work(on: run, cast: cast)  // until a person must choose
    for option in state.options { print(option.id, option.title, option.plan.steps.count) }

    guard let sheet = state.sheet else { return state }  // what is chosen is bound to what was shown
    let ada = Person(name: "Ada", identifiedBy: "the program's own sign-in")
    try await agency.choose(.option("p1"), in: run, shown: sheet.digest, by: ada, reason: "smallest step")
    return try await agency.work(on: run, cast: cast)
}
// README ends

/// Plays every role of the stock advice with the least that is valid.
private struct ReadmePerformer: Performer {
    var about: String { "scripted" }

    func respond(to request: TurnRequest) async throws -> Turn {
        let criteria = request.output.json["properties"]?["scores"]?["items"]?["properties"]?["criterion"]?["enum"]
        let scores = (criteria?.array ?? []).map { (criterion: $0.string ?? "", value: Double?.none) }
        let step = Step(id: "s1", intent: "Look first.", action: Action(tool: "words", arguments: [:]))
        let output: JSONValue =
            switch request.episode.rawValue.split(separator: ".")[1] {
            case "propose": SimulatedRun.proposal("Do little", [step])
            case "critique": SimulatedRun.critique(objections: [])
            case "evaluate": SimulatedRun.evaluation(scores: scores, probability: nil)
            default: SimulatedRun.explanation("There is one way.", quoting: "Do little", in: "proposal/p1")
            }
        return Turn(text: output.canonicalText, performer: "scripted")
    }
}
