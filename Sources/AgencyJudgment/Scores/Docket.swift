// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Forecasts on statements that await their outcomes, and what became of them.
///
/// A pure fold: the same forecasts and outcomes in the same order give the same docket. The rules, in full:
///
/// - A forecast counts when it was filed before the outcome; of several by one evaluator on one statement, the last.
/// - The first outcome of a statement counts. The same outcome again changes nothing.
/// - An outcome that contradicts the first marks the statement as disputed. What was scored stays scored: weights that have
///   moved cannot be moved back by one later word, and whoever could send a late outcome could otherwise rewrite records. A
///   person who finds that the first outcome was wrong settles a new statement that says so.
/// - A statement that has no outcome yet is reported by ``unsettled``.
public struct Docket: Hashable, Sendable, Codable {
    /// One statement.
    public struct Statement: Hashable, Sendable, Codable {
        /// What was forecast, by evaluator.
        public internal(set) var forecasts: [String: Probability] = [:]
        /// Who was asked and gave no probability; missing, and never counted against anybody.
        public internal(set) var missing: Set<String> = []
        /// The outcome that counts; `nil` while there is none.
        public internal(set) var outcome: Bool?
        /// Whether a later outcome contradicted it.
        public internal(set) var isDisputed = false
    }

    /// What an outcome did.
    public enum Effect: Hashable, Sendable {
        /// It is the first: these forecasts are now to be scored.
        case settled([String: Probability])
        /// It says what the first one said.
        case repeated
        /// It contradicts the first, which stands; the statement is disputed.
        case disputed
    }

    /// Why a docket refuses.
    public enum Refusal: Error, Hashable, Sendable {
        /// Nobody has filed this statement.
        case unknownStatement(String)
        /// The outcome is known already, so that this is no forecast.
        case alreadySettled(String)
    }

    /// Every statement, by its name.
    public private(set) var statements: [String: Statement] = [:]

    /// Makes an empty docket.
    public init() {}

    /// Files a statement or a forecast on one.
    ///
    /// - Parameters:
    ///   - value: The probability that the statement comes true; anything that is no probability counts as missing, and
    ///     takes back what the same evaluator filed before.
    ///   - evaluator: Who says so.
    ///   - statement: What it is about.
    /// - Throws: ``Refusal/alreadySettled(_:)`` when the outcome is known; the docket is unchanged.
    public mutating func file(_ value: Double?, by evaluator: String, on statement: String) throws(Refusal) {
        var filed = statements[statement] ?? Statement()
        guard filed.outcome == nil else { throw .alreadySettled(statement) }
        filed.forecasts[evaluator] = value.flatMap { Probability($0) }
        if filed.forecasts[evaluator] == nil {
            filed.missing.insert(evaluator)
        } else {
            filed.missing.remove(evaluator)
        }
        statements[statement] = filed
    }

    /// Takes note of an outcome, however late it comes.
    ///
    /// - Returns: What it did; the forecasts are to be scored only when it is ``Effect/settled(_:)``.
    /// - Throws: ``Refusal/unknownStatement(_:)``; the docket is unchanged.
    public mutating func settle(_ statement: String, as outcome: Bool) throws(Refusal) -> Effect {
        guard var filed = statements[statement] else { throw .unknownStatement(statement) }
        if let first = filed.outcome {
            guard first != outcome else { return .repeated }
            filed.isDisputed = true
            statements[statement] = filed
            return .disputed
        }
        filed.outcome = outcome
        statements[statement] = filed
        return .settled(filed.forecasts)
    }

    /// The statements without an outcome, in the order of their names.
    public var unsettled: [String] { statements.filter { $0.value.outcome == nil }.keys.sorted() }

    /// The statements whose outcomes contradict each other, in the order of their names.
    public var disputed: [String] { statements.filter(\.value.isDisputed).keys.sorted() }
}
