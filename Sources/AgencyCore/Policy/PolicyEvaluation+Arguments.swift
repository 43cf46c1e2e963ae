// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension PolicyEvaluation {
    /// Makes sure that a call has the arguments that the plan gives it, and no others.
    func requireArguments(of call: TraceCall, as step: TraceStep) throws(PolicyReason) {
        let planned = step.arguments.sorted { $0.key < $1.key }.map { (path: FieldPath($0.key), derivation: $0.value) }
        for leaf in call.arguments.leaves.map(FieldPath.init) where !planned.contains(where: { $0.path.contains(leaf) })
        {
            throw differs(step, leaf, "is not in the plan")
        }
        for (path, derivation) in planned {
            guard let value = path.parts(of: call.arguments).first else {
                throw differs(step, path, "is in the plan and missing")
            }
            try requireValue(value, of: derivation, at: path, in: step)
        }
    }

    private func requireValue(
        _ value: JSONValue,
        of derivation: Derivation,
        at path: FieldPath,
        in step: TraceStep
    ) throws(PolicyReason) {
        switch derivation {
        case .brief(let planned), .model(let planned, _):
            // In a loop, a list that was chosen is gone through.
            let isElement =
                step.isLooped && (planned.array ?? []).contains { $0.canonicalBytes == value.canonicalBytes }
            guard isElement || value.canonicalBytes == planned.canonicalBytes else {
                throw differs(step, path, "is not what was chosen")
            }
        case .result(let result, let field, let shape):
            try requireShape(value, shape, at: path)
            guard let values = flow.values(result, field) else { return }
            let isElement = step.isLooped && values.contains { $0.array?.contains(value) == true }
            let isCopy = values.contains(value) || value == .array(values) || isElement
            guard isCopy else { throw differs(step, path, "is not what stands in \(result) (\(field))") }
        case .extract(_, let shape): try requireShape(value, shape, at: path)
        case .parts(let parts):
            let known = parts.compactMap(\.planned?.string)
            guard value.isMade(of: known, alone: known.count == parts.count) else {
                throw differs(step, path, "is not made from the parts that were chosen")
            }
        }
    }

    private func requireShape(_ value: JSONValue, _ shape: JSONSchema?, at path: FieldPath) throws(PolicyReason) {
        guard let shape, let fault = shape.validate(value).first ?? shape.formatFault(of: value) else { return }
        var reason = reason(.wrongShape, "what would fill “\(path)” is not of its type: \(fault)")
        reason.argument = path
        throw reason
    }

    private func differs(_ step: TraceStep, _ path: FieldPath, _ how: String) -> PolicyReason {
        var reason = reason(.differs, "argument “\("\(path)".shortened)” of step \(step.id) \(how)")
        reason.argument = path
        return reason
    }
}

extension JSONSchema {
    /// What is wrong with a date or a time: it must not be a way to carry other text.
    func formatFault(of value: JSONValue) -> SchemaFault? {
        guard let format = json["format"]?.string, ["date", "date-time", "time"].contains(format),
            let text = value.string
        else { return nil }
        let isPlain = text.utf8.allSatisfy { "0123456789-:+.TZtz".utf8.contains($0) }
        guard isPlain, text.utf8.count <= 35, text.utf8.contains(where: { (0x30...0x39).contains($0) }) else {
            return SchemaFault(pointer: "", message: "not a \(format)")
        }
        return nil
    }
}

extension TraceStep {
    /// Whether the step is carried out for each element of something.
    fileprivate var isLooped: Bool { under.contains { if case .loop = $0 { true } else { false } } }
}

extension JSONValue {
    /// The paths to everything in the value that holds nothing else; lists count as one.
    fileprivate var leaves: [String] {
        guard case .object(let object) = self else { return [""] }
        return object.flatMap { member -> [String] in
            let name = member.key.pointerEscaped
            guard case .object(let inner) = member.value, !inner.isEmpty else { return ["/" + name] }
            return member.value.leaves.map { "/" + name + $0 }
        }
    }

    /// Whether the text holds some parts in order and, where they are all there is, nothing else of weight.
    fileprivate func isMade(of parts: [String], alone: Bool) -> Bool {
        guard let text = string else { return parts.isEmpty || array != nil || object != nil }
        var rest = Substring(text)
        for part in parts where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            if alone, rest[..<range.lowerBound].contains(where: { $0.isLetter || $0.isNumber }) { return false }
            rest = rest[range.upperBound...]
        }
        return !alone || !rest.contains { $0.isLetter || $0.isNumber }
    }
}
