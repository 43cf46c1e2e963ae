// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import Testing

@Suite struct CheckSettingsTests {
    private let related = Dangerous(
        .relatedJudge,
        "",
        "",
        Sound.board,
        [("performer: third", "performer: cousin")]
    )

    private func check(_ dangerous: Dangerous, _ settings: CheckSettings) throws -> CheckReport {
        Declaration.check(try dangerous.sheets(settings: Declaration.print(settings)))
    }

    @Test func `what is accepted no longer stands, and is on the record with its reason`() throws {
        let before = try check(related, CheckSettings())
        #expect(before.faults.map(\.rule) == [.relatedJudge])
        let accepted = before.acceptances(because: "There is no other model here.")
        let after = try check(related, CheckSettings(accepted: accepted))
        #expect(after.faults.isEmpty)
        #expect(after.accepted.map(\.reason) == ["There is no other model here."])
        #expect(after.accepted.map(\.fault.rule) == [.relatedJudge])
        #expect(after.record?.accepted.map(\.fingerprint) == accepted.map(\.fingerprint))
        #expect(after.record?.settings.accepted == accepted)
    }

    @Test func `an acceptance follows its finding to another line, and not to another finding`() throws {
        let accepted = try check(related, CheckSettings()).acceptances(because: "Known.")
        var moved = related
        moved.edits.append(("roles:\n", "\n\n# Moved.\nroles:\n"))
        moved.edits.append(("- critique: {role: critic, rounds: 1}", "- critique: {role: critic, rounds: 2}"))
        #expect(try check(moved, CheckSettings(accepted: accepted)).faults.isEmpty)
        var other = related
        other.edits = [("evaluate\n    performer: other", "evaluate\n    performer: cousin")]
        let found = try check(other, CheckSettings(accepted: accepted))
        #expect(Set(found.faults.map(\.rule)) == [.relatedJudge, .staleAcceptance])
    }

    @Test func `no setting makes an effect without a choice pass`() throws {
        let dangerous = try #require(Dangerous.form.first { $0.rule == .effectWithoutChoice })
        for severity in Severity.allCases {
            let setting = CheckSettings.Setting(rule: "OA011", severity: severity, reason: "We are in a hurry.")
            let report = try check(dangerous, CheckSettings(severities: [setting]))
            #expect(!report.passes)
            #expect(report.faults.contains { $0.rule == .effectWithoutChoice && $0.severity == .error })
            #expect(report.faults.contains { $0.rule == .firmRule } == (severity != .error))
        }
        let fingerprint = try #require(check(dangerous, CheckSettings()).faults.first?.fingerprint)
        let acceptance = CheckSettings.Acceptance(rule: "OA011", fingerprint: fingerprint, reason: "It is fine.")
        let report = try check(dangerous, CheckSettings(accepted: [acceptance]))
        #expect(Set(report.faults.map(\.rule)) == [.effectWithoutChoice, .firmRule])
        #expect(try check(dangerous, CheckSettings()).acceptances(because: "x").isEmpty)
    }

    @Test func `a rule that is off is not shown, and that it is off is on the record`() throws {
        let off = CheckSettings.Setting(rule: "OA024", severity: .off, reason: "One maker only.")
        let report = try check(related, CheckSettings(severities: [off]))
        #expect(report.faults.isEmpty)
        #expect(report.record?.settings.severities == [off])
    }

    @Test func `settings read back as they were printed`() throws {
        let settings = CheckSettings(
            severities: [
                .init(rule: "OA024", severity: .off, reason: "a: b # c"),
                .init(rule: "OA070", severity: .note, reason: "no"),
            ],
            accepted: [.init(rule: "OA050", fingerprint: "1234567890123456", reason: "1e5")]
        )
        let text = Declaration.print(settings)
        #expect(try Declaration.readCheckSettings(bytes: Array(text.utf8), file: "s") == settings)
        let none = Declaration.print(CheckSettings())
        #expect(try Declaration.readCheckSettings(bytes: Array(none.utf8), file: "s") == CheckSettings())
    }

    @Test(arguments: [
        ("severities:\n  OA999: {severity: error, reason: x}\n", "2:3", "OA004"),
        ("severities:\n  OA100: {severity: off, reason: x}\n", "2:3", "OA008"),
        ("severities:\n  OA024: {severity: loud, reason: x}\n", "2:21", "OA001"),
        ("severities:\n  OA024: {severity: off}\n", "2:10", "OA001"),
        ("severities:\n  OA024: {severity: off, reason: \" \"}\n", "2:3", "OA005"),
        (
            "accepted:\n  - {rule: OA024, fingerprint: a, reason: x}\n  - {rule: OA024, fingerprint: a, reason: y}\n",
            "3:5", "OA003"
        ),
        ("accept: []\n", "1:1", "OA001"),
    ])
    func `settings that cannot be used are refused at their place`(text: String, place: String, rule: String) throws {
        let error = try #require(throws: DeclarationError.self) {
            try Declaration.readCheckSettings(bytes: Array(text.utf8), file: "s")
        }
        #expect(error.faults.map { "\($0.line):\($0.column) \($0.rule.id)" } == ["\(place) \(rule)"])
    }

    @Test func `findings that are alike keep fingerprints of their own`() {
        let finding = Finding(.relatedJudge, ["roles", "a", "performer"], "m", hint: "h")
        let prints = [finding, finding, finding].fingerprinted(in: "x").map(\.fingerprint)
        #expect(Set(prints).count == 3)
        #expect(prints == [finding, finding, finding].fingerprinted(in: "x").map(\.fingerprint))
        #expect([finding].fingerprinted(in: "y").map(\.fingerprint) != [prints[0]])
    }
}
