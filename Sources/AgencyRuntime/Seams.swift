// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import Foundation

/// The machine's wall clock, used only to stamp events and to let choices lapse.
public enum WallClock {
    /// The time in milliseconds since 1970 UTC.
    @Sendable public static func milliseconds() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
}

/// Names for new runs.
public enum RunNames {
    /// A name of eight letters and digits that are hard to mistake for one another; one in 10¹² for each.
    @Sendable public static func random() -> RunID {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }

    /// A name drawn from a generator that is given.
    public static func random(using generator: inout some RandomNumberGenerator) -> RunID {
        let alphabet = Array("abcdefghjkmnpqrstuvwxyz23456789")
        let letters = (0..<8).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
        return RunID("r-" + String(letters))
    }
}

/// Numbers that are used once.
public enum Nonces {
    /// 128 bits from the system's own generator, as 32 hexadecimal digits.
    @Sendable public static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return Hexadecimal.text((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}
