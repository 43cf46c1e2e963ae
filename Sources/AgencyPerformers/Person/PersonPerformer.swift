// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema

/// Plays roles with a person at a terminal.
///
/// The person reads the prompt and gives the answer field by field, as the output schema asks; a shape that is too
/// complex for this is asked for as JSON. Tools are not offered to people.
public struct PersonPerformer: Performer {
    private let terminal: any Terminal
    private let limiter: Limiter

    /// Makes a performer.
    ///
    /// - Parameters:
    ///   - terminal: Where the person is asked.
    ///   - limiter: Lets one question at a time through.
    public init(terminal: any Terminal, limiter: Limiter = Limiter(concurrency: 1)) {
        self.terminal = terminal
        self.limiter = limiter
    }

    /// Who performs.
    public var about: String { "a person at the terminal" }

    /// Asks the person.
    ///
    /// - Throws: ``PerformerError`` with `.incomplete` and a retry later when the input ends before the answer does;
    ///   `.protocolViolation` when no valid answer comes after ten tries.
    public func respond(to request: TurnRequest) async throws -> Turn {
        try await limiter.withPermit(for: request.run) {
            await terminal.show("— \(request.role) · \(request.episode) —".boundedLine(200))
            for message in request.messages { await terminal.show(message.text.visible(keepingLines: true)) }
            let form = AnswerForm(schema: request.output)
            let answer = try await ask(form, schema: request.output)
            try Task.checkCancellation()
            return Turn(text: answer.compactText, performer: "person")
        }
    }

    private func ask(_ form: AnswerForm, schema: JSONSchema) async throws -> JSONValue {
        switch form {
        case .json: return try await askJSON(schema)
        case .single(let field): return try await ask(field, isRequired: true) ?? .null
        case .fields(let fields):
            var object = JSONObject()
            for field in fields { object[field.name] = try await ask(field, isRequired: field.isRequired) }
            // Single fields were right each on its own; something that concerns them together could still be wrong.
            guard let fault = schema.validate(.object(object)).first else { return .object(object) }
            await terminal.show("That does not fit together: \(fault.description.visible())")
            return try await askJSON(schema)
        }
    }

    private func ask(_ field: AnswerForm.Field, isRequired: Bool) async throws -> JSONValue? {
        if let about = field.about { await terminal.show(about.visible(keepingLines: true)) }
        for _ in 0..<10 {
            let lines = try await lines(for: field)
            if lines.isEmpty, !isRequired { return nil }
            guard let value = field.value(of: lines) else {
                await terminal.show("Expected \(field.expectation.visible()).")
                continue
            }
            guard let fault = JSONSchema(field.schema).validate(value).first else { return value }
            await terminal.show(fault.description.visible())
        }
        throw PerformerError(.protocolViolation, "no valid answer for “\(field.name.boundedLine(60))” after ten tries")
    }

    /// The lines given for a field: one, or for a list as many as come before an empty one.
    private func lines(for field: AnswerForm.Field) async throws -> [String] {
        let prompt = "\(field.name.visible()) (\(field.expectation.visible())): "
        guard field.isList else {
            let line = try await line(prompt)
            return line.isEmpty ? [] : [line]
        }
        var lines: [String] = []
        while lines.count < 1000 {
            let line = try await line(lines.isEmpty ? prompt : "… ")
            if line.isEmpty { break }
            lines.append(line)
        }
        return lines
    }

    private func askJSON(_ schema: JSONSchema) async throws -> JSONValue {
        await terminal.show("The answer is JSON of this shape, ended by a line with only a dot:")
        await terminal.show(schema.json.prettyText.visible(keepingLines: true))
        for _ in 0..<10 {
            var text = ""
            while case let line = try await line(text.isEmpty ? "JSON: " : "… "), line != "." {
                text += line + "\n"
                guard text.utf8.count <= 1 << 20 else { throw PerformerError(.tooLarge, "the answer is too long") }
            }
            do {
                let value = try JSONValue(parsing: text)
                guard let fault = schema.validate(value).first else { return value }
                await terminal.show(fault.description.visible())
            } catch {
                await terminal.show("Not JSON: \(error.description.visible())")
            }
        }
        throw PerformerError(.protocolViolation, "no valid answer after ten tries")
    }

    private func line(_ prompt: String) async throws -> String {
        try Task.checkCancellation()
        guard let line = await terminal.readLine(prompt: prompt) else {
            throw PerformerError(.incomplete, "the input ended before the answer did", retry: .later(nil))
        }
        return line.trimmed
    }
}
