// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The bounds that hold for every architecture, so that a worst case exists before anything runs.
///
/// The counts are round numbers beyond what a person can oversee; a declaration that needs more is better split.
public enum Limits {
    /// The most steps that one plan may have.
    public static let steps = 40
    /// The most options that are put before people at once.
    public static let options = 64
    /// The most questions that a person may put to the explainer in one run.
    public static let questions = 5
    /// Requests to the performer in an episode that may call tools and sets no limit of its own.
    public static let callsPerEpisode = 12
    /// Tokens in an episode that sets no limit of its own.
    public static let tokensPerEpisode = 100_000
    /// Seconds for an episode that sets no limit of its own.
    public static let secondsPerEpisode = 900.0

    /// Roles of an architecture.
    public static let roles = 1...64
    /// Proposals made side by side.
    public static let proposals = 1...16
    /// Rounds of critique.
    public static let rounds = 1...4
    /// Roles that evaluate.
    public static let evaluators = 1...48
    /// Seconds until a choice lapses: from a minute to 90 days.
    public static let expiry = 60...(90 * 86400)
    /// Persons who have to choose the same.
    public static let persons = 1...9
    /// Times that a person may send work back.
    public static let returns = 0...10
    /// How improbable what was seen must be to halt enactment; below one half, expected events would halt it.
    public static let surprise = 0.5...1.0
    /// The rate of success that a mandate for choices may ask for.
    public static let mandateSuccess = 0.5...0.995
    /// The fewest settled cases that a mandate for choices may ask for.
    public static let mandateCases = 5...1500
    /// The least probability of what a rule takes.
    public static let mandateLeast = 0.5...0.99
    /// The chance of a halt without cause in a whole plan, and that of a mandate without merit.
    public static let falseAlarms = 0.000_001...0.2
    /// Revisions of a plan after a halt.
    public static let updates = 1...10
    /// Episodes of a long work.
    public static let iterations = 1...10_000_000
    /// Questions that a role is probed with.
    public static let questionsOfProbe = 1...500
    /// Times that each question of a probe is put.
    public static let timesOfProbe = 1...100
    /// Choices of a question, where it has any.
    public static let choices = 2...50
    /// Times that an output which does not fit is sent back.
    public static let repairs = 0...5
    /// Samples of one episode that is voted on.
    public static let samples = 1...1000
    /// Tries for one answer that a verifier accepts, beyond which the verifier is searched for a mistake.
    public static let triesForVerifier = 20
    /// Votes that a winner must be ahead.
    public static let lead = 1...100
    /// Votes of which the majority decides.
    public static let majority = 2...501
    /// Bytes beyond which an answer is discarded.
    public static let flagBytes = 1...16_777_216
    /// Parts of an output that must be equal for two answers to be the same.
    public static let sameWhen = 0...32
    /// Narratives of a role.
    public static let narratives = 0...16
    /// Criteria of a role.
    public static let criteria = 0...12
    /// Bytes of UTF-8 in instructions, a narrative or a sketch.
    public static let textBytes = 20_000
    /// Tokens that a budget may allow.
    public static let tokens = 1...1_000_000_000
    /// Requests that a budget may allow.
    public static let calls = 1...100_000
    /// Seconds that a budget may allow: up to 90 days.
    public static let seconds = 1.0...(90.0 * 86400)
    /// Money that a budget may allow, in dollars.
    public static let dollars = 0...1_000_000
    /// Goals of a brief, at all levels together.
    public static let goals = 1...200
}

extension Role {
    /// How often an output that does not fit is really sent back: a sample that is voted on never is.
    public var sendBacks: Int { vote == nil ? repairs : 0 }

    /// The most that one episode of this role may consume, with every limit filled in that the declaration leaves out.
    ///
    /// Of a role that is voted on, it is the most that one sample may consume.
    ///
    /// This is what the worst case is computed from, and so what must be enforced.
    ///
    /// - Parameter profile: Who performs; its prices bound the money.
    /// - Returns: Tokens, calls and seconds always; money unless neither the role nor a profile bounds it.
    public func limits(performedBy profile: Profile?) -> Budget {
        let calls = max(1, budget.calls ?? (tools.isEmpty ? 1 + sendBacks : Limits.callsPerEpisode))
        let isPerson = profile?.provider == .person
        let tokens = isPerson ? 0 : max(0, budget.tokens ?? Limits.tokensPerEpisode)
        var money = budget.money
        if let profile {
            let price = profile.highestPrice(tokens: tokens, calls: calls)
            money = min(money ?? price, price)
        }
        let seconds = max(0, budget.seconds ?? Limits.secondsPerEpisode)
        return Budget(tokens: tokens, calls: calls, seconds: seconds, money: money)
    }
}

extension Profile {
    /// The most that so many tokens can cost when they come in so many answers.
    func highestPrice(tokens: Int, calls: Int) -> Money {
        guard outputPrice > inputPrice else { return inputPrice.forMillionths(tokens) }
        let received = min(tokens, max(0, outputTokens).saturatingTimes(calls))
        return outputPrice.forMillionths(received) + inputPrice.forMillionths(tokens - received)
    }
}

extension Money {
    /// This price of a million for so many, rounded up and stopping at the largest amount.
    func forMillionths(_ count: Int) -> Money {
        let million: Int64 = 1_000_000
        let product = microdollars.multipliedFullWidth(by: Int64(max(0, count)))
        // A quotient beyond 64 bits would trap; it has more than 63 when the high word reaches half of the divisor.
        guard microdollars >= 0, product.high < million / 2 else { return Money(microdollars: .max) }
        let (quotient, remainder) = million.dividingFullWidth(product)
        return Money(microdollars: quotient) + Money(microdollars: remainder > 0 ? 1 : 0)
    }
}

extension Int {
    /// Adds, stopping at the largest number.
    func saturatingPlus(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    /// Multiplies numbers that are not negative, stopping at the largest number.
    func saturatingTimes(_ other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}
