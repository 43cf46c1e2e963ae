// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencyReport
import AgencyRuntime
import AgencySchema
import ArgumentParser
import Foundation

/// Measures what more thought buys a role, and picks the cheapest setting that is reliable enough.
struct Calibrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure how reliable a role is in several settings, and pick the cheapest that suffices.",
        discussion: """
            Every setting, a performer with a vote, is tried on the same tasks whose right answers are known; each is a run on \
            the ledger. A setting is picked when it is shown to be right often enough, not when it merely was. What is finished \
            is not paid for again: add tasks or settings, or say --again.
            """
    )

    @Argument(help: "The role.")
    var role: String
    @Option(name: .shortAndLong, help: "The architecture: a file, or the name of a stock one.")
    var architecture = "change-board"
    @Option(help: "The folder of tasks: files of questions, each with its right answer.")
    var tasks: String
    @Option(help: "The share of tasks that has to come out right, such as 0.9.")
    var reliability: Double
    @Option(help: "How many samples are voted on: 1 for no vote, 3 for a majority of three, a2 for ahead by two.")
    var samples = "1,3,5"
    @Option(help: "The profiles that are tried; that of the role when left out.")
    var performers: String?
    @Option(help: "Write an HTML page with the curve as a picture, which needs nothing else, to this file.")
    var html: String?
    @Option(help: "Write the architecture with the setting that is picked to this file, which must not be there yet.")
    var output: String?
    @Flag(help: "Try every setting anew, also where the ledger has it on the same tasks.")
    var again = false
    @Flag(help: "Print JSON when all is measured, and nothing else.")
    var json = false
    @OptionGroup var cast: CastOptions
    @OptionGroup var home: HomeOptions
    @OptionGroup var person: PersonOptions

    func validate() throws {
        guard reliability > 0, reliability < 1 else {
            throw ValidationError("--reliability is a number above 0 and below 1; certainty cannot be shown")
        }
        for word in samples.split(separator: ",", omittingEmptySubsequences: false) where VoteWord(word) == nil {
            throw ValidationError("--samples: “\(word)” is none of 1, a majority such as 3, or a lead such as a2")
        }
    }

    func run() async throws {
        if let output, FileManager.default.fileExists(atPath: output) {
            throw RuntimeError(.badInput, "\(output) is there already; name a file that is not")
        }
        let declared = try Declarations.architecture(architecture)
        let alone = try declared.probing(role, times: 1)
        if output != nil, case .verified(let verifier, _)? = declared.role(alone.roles[0].name)?.vote?.rule {
            let hint = "settings are measured without a verifier; leave out --output"
            throw RuntimeError(.badInput, "“\(role)” is verified by “\(verifier)”; \(hint)")
        }
        let questions = try TaskFolder.read(tasks)
        let settings = try settings(of: alone.roles[0])
        let calibration = Calibration(
            setup: try await Setup(home.folder).signing(tells: !json),
            alone: alone,
            tasks: questions,
            run: RunSettings(
                profiles: Declarations.profilesPath(cast.profiles, beside: tasks + "/."),
                record: cast.record.map(absolute),
                replay: cast.replay.map(absolute)
            ),
            person: person.person,
            isQuiet: json,
            again: again
        )
        var trials: [(setting: String, right: Int, usage: Usage, run: RunID)] = []
        for setting in settings { trials.append(try await calibration.measure(setting)) }
        let account = CalibrationAccount(
            of: alone.roles[0].name,
            in: alone.name,
            tasks: questions.count,
            reliability: reliability,
            trials: trials
        )
        Terminal.out(json ? account.json.prettyText : Terminal.text(CalibrationText(account)))
        if let html { try Output.write(CalibrationPage(account).html.utf8, to: html) }
        guard let picked = settings.first(where: { $0.name == account.picked }) else { throw ExitStatus.unmet }
        if let output { try write(declared, with: picked, account, to: output) }
    }

    private func settings(of role: Role) throws -> [Calibration.Setting] {
        let names = performers.map { $0.split(separator: ",").map { ProfileName(String($0)) } }
        guard let profiles = names ?? role.performer.map({ [$0] }), !profiles.isEmpty else {
            throw RuntimeError(.badInput, "nobody performs “\(role.name)”; name profiles with --performers")
        }
        var settings: [Calibration.Setting] = []
        for profile in profiles {
            for word in samples.split(separator: ",") {
                guard let vote = VoteWord(word) else { continue }
                let setting = Calibration.Setting(profile: profile, vote: vote)
                if !settings.contains(setting) { settings.append(setting) }
            }
        }
        return settings
    }

    private func write(
        _ declared: Architecture,
        with picked: Calibration.Setting,
        _ account: CalibrationAccount,
        to path: String
    ) throws {
        var settled = declared
        for index in settled.roles.indices where settled.roles[index].name == account.role {
            settled.roles[index] = picked.applied(to: settled.roles[index])
        }
        let measured = account.lines.map { "#   " + $0 }.joined(separator: "\n")
        let text = """
            # \(account.role) as measured on \(account.tasks) tasks:
            \(measured)
            # \(account.verdict)
            \(Declaration.print(settled))
            """
        // Whoever made such a file meanwhile keeps it.
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
        } catch {
            throw RuntimeError(.unavailable, "\(path) cannot be written: \(error.localizedDescription)")
        }
        if !json { Terminal.error("  wrote:     \(path)") }
    }
}
