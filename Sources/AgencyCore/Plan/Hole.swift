// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

/// An argument whose value is not known when the plan is chosen: it is copied from what an earlier step shows.
///
/// A hole has a shape, so that nothing else can come through it, and changes nothing of which steps there are and in which order.
///
/// > Source: the control flow that is fixed before untrusted data is read, of CaMeL (arXiv:2503.18813).
public struct Hole: Hashable, Sendable, Codable {
    /// The name of the argument that it fills; the action does not have it.
    public var argument: String
    /// The step whose result fills it.
    public var step: StepID
    /// The field of that result: `output` is what was printed, `status` the exit status, and what lies below `json` is what
    /// was printed, read as JSON.
    public var field: FieldPath
    /// What shape the value has to have.
    public var shape: JSONSchema

    /// Makes a hole.
    public init(argument: String, step: StepID, field: FieldPath, shape: JSONSchema) {
        self.argument = argument
        self.step = step
        self.field = field
        self.shape = shape
    }

    private enum CodingKeys: String, CodingKey { case argument, step, field, shape = "as" }

    /// The way to the argument.
    var pointer: String { "/" + argument.pointerEscaped }
    /// Where the value comes from, as the policy sees it.
    func derivation(from result: ResultID) -> Derivation { .result(result, field, as: shape) }

    /// The hole in a line: `amount ← s1 json/total, {"type":"number"}`.
    public var words: String { "\(argument) ← \(step) \(field), \(shape.json.compactText)" }

    static let schema = JSONSchema.object(
        [
            "argument": .string("The argument to fill; leave it out of the action.", minLength: 1, maxLength: 200),
            "step": .string("The id of an earlier step, whose result fills it.", minLength: 1),
            "field": .string(
                "output: the text it printed; json/…: a field of that text read as JSON; status: the exit status.",
                pattern: "^(output|status|json(/.{1,200})?)$"
            ),
            "as": JSONSchema([
                "type": "object",
                "description": "A JSON Schema as narrow as can be: a number with bounds, one of a list, a pattern.",
            ]),
        ]
    )
}

extension ToolResult {
    /// What a step showed, by the fields that holes name: `output` without the line breaks at its end, `status`, and
    /// `json`, where what was printed is JSON and nothing of it was left out.
    var shown: JSONValue {
        var text = output
        while text.last?.isNewline == true { text.removeLast() }
        var fields: JSONObject = ["status": .integer(Int64(status)), "output": .string(text)]
        if !isTruncated, let json = try? JSONValue(parsing: output) { fields["json"] = json }
        return .object(fields)
    }
}

extension Step {
    /// The same step with its action complete.
    func completed(_ action: Action) -> Step {
        var step = self
        step.action = action
        return step
    }

    /// The names of the arguments that are not known yet.
    var open: [String] { (holes ?? []).map(\.argument) }
}

extension Plan {
    /// Finds what is wrong with the holes of a step: what fills them has to have been read before.
    func holeFaults(of step: Step, at place: String) -> [SchemaFault] {
        var seen: Set<String> = []
        return (step.holes ?? []).enumerated().flatMap { index, hole -> [SchemaFault] in
            let place = "\(place)/holes/\(index)"
            var faults: [SchemaFault] = []
            if !seen.insert(hole.argument).inserted || step.action.arguments[hole.argument] != nil {
                faults.append(SchemaFault(pointer: place, message: "“\(hole.argument.shortened)” has a value already"))
            }
            if !followers(of: hole.step).contains(step.id) {
                let message = "step “\(hole.step)” need not be done before; name it under “after”"
                faults.append(SchemaFault(pointer: place + "/step", message: message))
            }
            let fields = ["output", "status", "json"]
            if !fields.contains(hole.field.tokens.first ?? "") || hole.field.tokens.contains("*") {
                let message = "a field is output, status, or json with names and positions"
                faults.append(SchemaFault(pointer: place + "/field", message: message))
            }
            if hole.shape.json.object?.isEmpty ?? true {
                faults.append(SchemaFault(pointer: place + "/as", message: "a hole needs a shape"))
            }
            return faults
                + hole.shape.faults().map { SchemaFault(pointer: place + "/as" + $0.pointer, message: $0.message) }
        }
    }

    /// The steps whose results fill holes of others.
    var sources: Set<StepID> { Set(steps.flatMap { $0.holes ?? [] }.map(\.step)) }
}
