// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension JSONValue {
    /// Whether a value, or the words of it, stand somewhere in this one.
    func holds(_ value: JSONValue) -> Bool {
        switch value {
        case .string(let text): text.count >= 4 && texts.contains { $0.contains(text) }
        case .integer, .number: numbers.contains(value.double ?? .nan)
        case .array(let values): values.contains(where: holds)
        case .object(let object): object.contains { holds($0.value) }
        case .null, .bool: false
        }
    }

    private var numbers: [Double] {
        switch self {
        case .integer, .number: double.map { [$0] } ?? []
        case .array(let values): values.flatMap(\.numbers)
        case .object(let object): object.flatMap { $0.value.numbers }
        case .null, .bool, .string: []
        }
    }

    /// The paths, without positions, to everything in the value that holds nothing else.
    var places: [String] {
        switch self {
        case .object(let object) where !object.isEmpty:
            object.flatMap { member in
                member.value.places.map { "/" + member.key.pointerEscaped + $0 }
            }
        case .array(let array) where !array.isEmpty: Array(Set(array.flatMap(\.places)))
        default: [""]
        }
    }
}

extension FieldPath {
    /// Whether one of the two leads into the other.
    func overlaps(_ other: FieldPath) -> Bool { contains(other) || other.contains(self) }
}

extension ToolManifest {
    /// What is declared of a field of what the tool shows: of the narrowest that holds it, and of all within it.
    ///
    /// What lies within a field and is not declared is not known, unless the value shows that there is nothing of it.
    func labels(of field: FieldPath, in value: JSONValue?) -> [ResultLabel] {
        let field = field.general
        let declared = (results ?? [:]).map { (path: FieldPath($0.key).general, label: $0.value) }
        let within = declared.filter { field.contains($0.path) && $0.path != field }
        let around = declared.filter { $0.path.contains(field) }.max { $0.path.tokens.count < $1.path.tokens.count }
        var labels = (around.map { [$0.label] } ?? []) + within.map(\.label)
        guard around == nil, !within.isEmpty else { return labels }
        let isWhole = value.map { value in
            value.places.allSatisfy { place in
                !FieldPath(place).overlaps(field) || within.contains { $0.path.contains(FieldPath(place)) }
            }
        }
        if isWhole != true { labels.append(ResultLabel(writers: [.anyone], readers: .person)) }
        return labels
    }

    /// What an argument decides, by the paths within it that the manifest tells apart.
    func authorities(of path: FieldPath) -> [(path: FieldPath, authority: Authority)] {
        let general = path.general
        let declared = (arguments ?? [:]).map { (path: FieldPath($0.key), authority: $0.value) }
        let around = declared.filter { $0.path.general.contains(general) }
            .max { $0.path.tokens.count < $1.path.tokens.count }
        let within = declared.filter { general.contains($0.path.general) && $0.path.general != general }
        // What lies between the declared parts is not declared.
        guard let around else { return [(path, .undeclared)] + within }
        return [(path, around.authority)] + within.sorted { $0.path.description < $1.path.description }
    }

    /// Whether what it is given leaves the machine, as far as anybody has said.
    var leaves: Bool { reach.map { $0 == .leaves } ?? !(repeatability?.effects.staysInWorkspace ?? false) }
    /// Whether a call of it has consequences: it changes something, or is noticed elsewhere.
    public var isConsequential: Bool { effect != .read || leaves || pays == true || isDestructive == true }
    /// Whether a call that should not have been made does lasting harm, as far as anybody has said.
    var isGrave: Bool {
        if pays == true || isDestructive == true { return true }
        if effect == .read || effects.staysInWorkspace { return false }
        return pays == nil || isDestructive == nil
    }
}
