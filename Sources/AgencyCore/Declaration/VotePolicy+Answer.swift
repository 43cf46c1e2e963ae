// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

extension VotePolicy {
    /// What two outputs of an episode have in common when they are the same answer.
    ///
    /// To a probe it is the stance, and what is answered where something is; the parts that must be equal in what the role
    /// otherwise writes are not there.
    ///
    /// - Returns: as ``answer(of:)`` does.
    public func answer(of output: JSONValue, to task: EpisodeOrder.Task) -> Digest? {
        guard task == .probe else { return answer(of: output) }
        guard let stance = output["stance"]?.string else { return nil }
        let isAnswer = stance == ProbeAnswer.Stance.answer.rawValue
        return Digest(of: ["stance": .string(stance), "answer": isAnswer ? output["answer"] ?? .null : .null])
    }

    /// What two outputs have in common when they are the same answer: the digest of the parts that must be equal.
    ///
    /// Names in objects may come in any order, and numbers are compared by value: `1`, `1.0` and `1e0` are one number, and
    /// so are `0` and `-0`. Texts are compared byte for byte.
    ///
    /// - Returns: `nil` when a part that must be equal is not there: the answer is ill-formed and cannot count.
    public func answer(of output: JSONValue) -> Digest? {
        guard !sameWhen.isEmpty else { return Digest(of: output.comparable) }
        var parts: [JSONValue] = []
        parts.reserveCapacity(sameWhen.count)
        for pointer in sameWhen {
            guard let part = output[pointer] else { return nil }
            parts.append(part.comparable)
        }
        return Digest(of: JSONValue.array(parts))
    }
}

extension JSONValue {
    /// The value with one form for each number.
    fileprivate var comparable: JSONValue {
        switch self {
        case .null, .bool, .integer, .string: self
        // Beyond 2^53 not every integer is a double; those that are must meet their integer spelling all the same.
        case .number(let number): Int64(exactly: number).map { .integer($0) } ?? self
        case .array(let array): .array(array.map(\.comparable))
        case .object(let object): .object(JSONObject(object.map { (key: $0.key, value: $0.value.comparable) }))
        }
    }
}
