// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// What a provider says was consumed, before it is believed.
struct ReportedUsage: Hashable, Sendable {
    var inputTokens: Int64?
    var cachedTokens: Int64?
    var outputTokens: Int64?
    var reasoningTokens: Int64?

    /// Believes what can be true and estimates the rest, a token for four bytes.
    ///
    /// A token stands for at least a byte, and a template adds a few; what is far beyond that, negative or zero is absurd.
    ///
    /// - Parameters:
    ///   - request: What was sent.
    ///   - receivedBytes: Bytes of text, arguments and reasoning received.
    ///   - profile: Whose prices and limits hold.
    /// - Returns: What is counted.
    func usage(for request: TurnRequest, receivedBytes: Int, profile: Profile) -> Usage {
        let limit = min(request.outputTokens, profile.outputTokens)
        let mostOutput = Int64(max(limit, receivedBytes)) * 2 + 10_000
        let input = inputTokens.flatMap { Self.isPossible($0, for: request) ? Int($0) : nil }
        let output = outputTokens.flatMap { count -> Int? in
            (count == 0 && receivedBytes == 0) || (1...mostOutput).contains(count) ? Int(count) : nil
        }
        let sent = input ?? Self.estimate(request)
        let received = output ?? Self.estimate(receivedBytes)
        let cached = Self.part(cachedTokens, of: sent)
        let reasoning = Self.part(reasoningTokens, of: received)
        return Usage(
            inputTokens: sent,
            cachedTokens: cached ?? 0,
            outputTokens: received,
            reasoningTokens: reasoning ?? 0,
            money: Self.price(sent, at: profile.inputPrice) + Self.price(received, at: profile.outputPrice),
            calls: 1,
            estimated: input == nil || output == nil || cached == nil || reasoning == nil
        )
    }

    /// Whether so many tokens can have been read; a request is measured only for more than any template may add.
    private static func isPossible(_ count: Int64, for request: TurnRequest) -> Bool {
        guard count > 100_000 else { return count >= 1 }
        let (bytes, images) = request.measure
        return count <= Int64(bytes) * 4 + Int64(images) * 100_000 + 100_000
    }

    private static func estimate(_ request: TurnRequest) -> Int {
        let (bytes, images) = request.measure
        return estimate(bytes) + images * 1000
    }

    private static func estimate(_ bytes: Int) -> Int { (bytes + 3) / 4 }

    private static func part(_ count: Int64?, of whole: Int) -> Int? {
        guard let count else { return 0 }
        return (0...Int64(whole)).contains(count) ? Int(count) : nil
    }

    private static func price(_ tokens: Int, at perMillion: Money) -> Money {
        let total = (perMillion * tokens).microdollars
        return Money(microdollars: total / 1_000_000 + (total % 1_000_000 > 0 ? 1 : 0))
    }
}

extension TurnRequest {
    /// How much text and how many images the request holds.
    var measure: (bytes: Int, images: Int) {
        var bytes = 0
        var images = 0
        for message in messages {
            switch message {
            case .system(let text): bytes += text.utf8.count
            case .user(let parts):
                for part in parts {
                    switch part {
                    case .text(let text): bytes += text.utf8.count
                    case .image: images += 1
                    }
                }
            case .performer(let text, let calls):
                bytes += text.utf8.count + calls.reduce(0) { $0 + $1.arguments.canonicalBytes.count }
            case .tool(_, let output, _): bytes += output.utf8.count
            }
        }
        for tool in tools { bytes += tool.about.utf8.count + tool.parameters.json.canonicalBytes.count }
        return (bytes + output.json.canonicalBytes.count, images)
    }
}
