// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyPerformers
import AgencyReport
import AgencySchema

/// An episode as a form: what its role is given to read, and a field for each part of what it has to say.
struct RolePage {
    let part: RoleDesk.Part
    let access: Access
    /// What was filled in before, by field.
    var draft: [String: String] = [:]
    var complaints: [String] = []

    private var request: TurnRequest { part.request }

    /// Where an episode is played.
    static func path(_ request: TurnRequest) -> String {
        EpisodePage.path(of: request.episode, in: request.run) + "/play"
    }

    var frame: Frame {
        Frame(title: "Play \(request.role)", access: access) {
            tag("main", id: "main") {
                tag("p", "kicker") {
                    tag("a", with: [("href", "/runs/\(request.run)")]) { "Run \(request.run)" }
                    " · \(request.episode)"
                }
                tag("h1") { "You play \(request.role)" }
                tag("p") {
                    "It was asked at \(UTC.text(milliseconds: part.askedAt)). What you say goes on the record with your name."
                }
                for complaint in complaints { tag("p", with: [("class", "caution"), ("role", "alert")]) { complaint } }
                tag("h2") { "What you are given" }
                for message in request.messages { tag("pre") { message.text } }
                tag("h2") { "What you say" }
                form
            }
        }
    }

    private var form: Markup {
        Field.form(Self.path(request), of: access, "choice wide") {
            Field.hidden("part", part.number)
            Field.deadButton
            fields
            tag("div", "buttons") { Field.button("File it") }
        }
    }

    private var fields: Markup {
        switch AnswerForm(schema: request.output) {
        case .fields(let fields): Markup(joining: fields.map(field))
        case .single(let one): field(one)
        case .json:
            Markup(joining: [
                tag("details") {
                    tag("summary") { "The shape of the answer" }
                    tag("pre") { request.output.json.prettyText }
                },
                Field.text(
                    "json",
                    "The answer, as JSON of that shape",
                    rows: 20,
                    most: 400_000,
                    value: draft["json"] ?? "{}"
                ),
            ])
        }
    }

    private func field(_ one: AnswerForm.Field) -> Markup {
        let name = Self.key(one)
        let label = one.name + " (" + one.expectation + ")"
        let value = draft[name] ?? ""
        let control: Markup =
            switch one.kind {
            case .choice(let words):
                Field.select(name, label, [("", "…")] + words.map { ($0, $0) }, chosen: value)
            case .flag: Field.select(name, label, [("", "…"), ("yes", "yes"), ("no", "no")], chosen: value)
            case .text, .list:
                Field.text(
                    name,
                    label,
                    rows: one.isList ? 4 : 3,
                    most: 100_000,
                    value: value,
                    isNeeded: false
                )
            case .whole, .number: Field.line(name, label, most: 1000, value: value)
            }
        return Markup(joining: [control, one.about.map { about in tag("p", "soft") { about } } ?? .empty])
    }

    /// The name under which the form sends a field: none of the names that it uses itself.
    static func key(_ field: AnswerForm.Field) -> String { "say." + field.name }

    /// The answer that a form stands for.
    ///
    /// - Returns: `nil` with a complaint for a field that stands for nothing of its kind.
    static func answer(_ form: [String: String], to request: TurnRequest) -> (value: JSONValue?, complaints: [String]) {
        switch AnswerForm(schema: request.output) {
        case .json:
            do {
                return (try JSONValue(parsing: Array((form["json"] ?? "").utf8)), [])
            } catch {
                return (nil, ["This is no JSON: \(error)"])
            }
        case .single(let field):
            let value = value(of: field, form)
            return (value, value == nil ? ["\(field.name): expected \(field.expectation)"] : [])
        case .fields(let fields):
            var object = JSONObject()
            var complaints: [String] = []
            for field in fields {
                if (form[key(field)] ?? "").trimmingWhitespace.isEmpty, !field.isRequired { continue }
                guard let value = value(of: field, form) else {
                    complaints.append("\(field.name): expected \(field.expectation)")
                    continue
                }
                object[field.name] = value
            }
            return (complaints.isEmpty ? .object(object) : nil, complaints)
        }
    }

    private static func value(of field: AnswerForm.Field, _ form: [String: String]) -> JSONValue? {
        let text = form[key(field)] ?? ""
        switch field.kind {
        case .text: return .string(text)
        case .list:
            return field.value(
                of: text.split(separator: "\n").map { String($0).trimmingWhitespace }.filter { !$0.isEmpty }
            )
        default:
            let line = text.trimmingWhitespace
            return line.isEmpty ? nil : field.value(of: [line])
        }
    }
}
