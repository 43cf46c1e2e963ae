// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// An amount of money in millionths of a US dollar.
public struct Money: Hashable, Sendable, Codable, Comparable, AdditiveArithmetic, CustomStringConvertible {
    /// Millionths of a dollar.
    public var microdollars: Int64

    /// Makes an amount from millionths of a dollar.
    public init(microdollars: Int64) { self.microdollars = microdollars }

    /// Makes an amount from dollars, to the nearest millionth; beyond the largest amount, the largest and stopping at the largest amount.
    public init(dollars: Double) {
        let exact = (dollars * 1_000_000).rounded(.up)
        microdollars = Int64(exactly: exact) ?? (exact > 0 ? .max : exact < 0 ? -.max : 0)
    }

    /// Nothing.
    public static let zero = Money(microdollars: 0)

    /// Reads a number of dollars.
    public init(from decoder: any Decoder) throws {
        self.init(dollars: try decoder.singleValueContainer().decode(Double.self))
    }

    /// Writes a number of dollars.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Double(microdollars) / 1_000_000)
    }

    /// Adds, stopping at the largest amount.
    public static func + (left: Money, right: Money) -> Money {
        let (sum, overflow) = left.microdollars.addingReportingOverflow(right.microdollars)
        return Money(microdollars: overflow ? (right.microdollars < 0 ? -.max : .max) : sum)
    }

    /// Subtracts, stopping at the largest amounts.
    public static func - (left: Money, right: Money) -> Money {
        let (difference, overflow) = left.microdollars.subtractingReportingOverflow(right.microdollars)
        return Money(microdollars: overflow ? (right.microdollars < 0 ? .max : -.max) : difference)
    }

    /// Multiplies, stopping at the largest amount.
    public static func * (amount: Money, count: Int) -> Money {
        let (product, overflow) = amount.microdollars.multipliedReportingOverflow(by: Int64(count))
        return Money(microdollars: overflow ? .max : product)
    }

    /// Orders by the amount.
    public static func < (left: Money, right: Money) -> Bool { left.microdollars < right.microdollars }

    /// Dollars with two digits, or four below ten cents: `$0.42`, `$0.0031`.
    public var description: String {
        let sign = microdollars < 0 ? "−" : ""
        let amount = microdollars.magnitude
        if amount != 0, amount < 100_000 {
            let tenThousandths = (amount + 50) / 100
            return "\(sign)$\(tenThousandths / 10000).\(Self.padded(tenThousandths % 10000, 4))"
        }
        let cents = (amount + 5000) / 10000
        return "\(sign)$\(cents / 100).\(Self.padded(cents % 100, 2))"
    }

    private static func padded(_ number: UInt64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// What performing has consumed.
public struct Usage: Hashable, Sendable, Codable {
    /// Tokens sent, cached ones included.
    public var inputTokens: Int
    /// Tokens sent that the provider took from its cache.
    public var cachedTokens: Int
    /// Tokens received, reasoning included.
    public var outputTokens: Int
    /// Tokens received as reasoning.
    public var reasoningTokens: Int
    /// What it cost.
    public var money: Money
    /// Requests made to the performer.
    public var calls: Int
    /// Whether the provider left something out, so that tokens were estimated here from lengths.
    public var estimated: Bool

    /// Makes a usage; everything is zero unless given.
    public init(
        inputTokens: Int = 0,
        cachedTokens: Int = 0,
        outputTokens: Int = 0,
        reasoningTokens: Int = 0,
        money: Money = .zero,
        calls: Int = 0,
        estimated: Bool = false
    ) {
        self.inputTokens = inputTokens
        self.cachedTokens = cachedTokens
        self.outputTokens = outputTokens
        self.reasoningTokens = reasoningTokens
        self.money = money
        self.calls = calls
        self.estimated = estimated
    }

    /// Tokens in both directions.
    public var tokens: Int { Self.sum(inputTokens, outputTokens) }

    /// Adds two usages; each number stops at the largest there is, since a performer may report anything.
    public static func + (left: Usage, right: Usage) -> Usage {
        Usage(
            inputTokens: sum(left.inputTokens, right.inputTokens),
            cachedTokens: sum(left.cachedTokens, right.cachedTokens),
            outputTokens: sum(left.outputTokens, right.outputTokens),
            reasoningTokens: sum(left.reasoningTokens, right.reasoningTokens),
            money: left.money + right.money,
            calls: sum(left.calls, right.calls),
            estimated: left.estimated || right.estimated
        )
    }

    /// Adds a usage to this one.
    public static func += (left: inout Usage, right: Usage) { left = left + right }

    private static func sum(_ left: Int, _ right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? (right < 0 ? .min : .max) : sum
    }
}

/// The most that something may consume.
public struct Budget: Hashable, Sendable, Codable {
    /// Tokens in both directions, or `nil` for no limit of its own.
    public var tokens: Int?
    /// Requests to the performer.
    public var calls: Int?
    /// Seconds of wall time.
    public var seconds: Double?
    /// Money.
    public var money: Money?

    /// Makes a budget; what is left out is not limited here.
    public init(tokens: Int? = nil, calls: Int? = nil, seconds: Double? = nil, money: Money? = nil) {
        self.tokens = tokens
        self.calls = calls
        self.seconds = seconds
        self.money = money
    }
}
