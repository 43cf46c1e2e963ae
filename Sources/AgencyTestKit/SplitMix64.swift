// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A generator of pseudo-random numbers that always says the same after the same seed.
///
/// It is for tests and simulations, never for secrets.
///
/// > Source: Steele, Lea and Flood, “Fast Splittable Pseudorandom Number Generators” (2014)
/// > <https://doi.org/10.1145/2660193.2660195>.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Makes a generator from a seed.
    public init(seed: UInt64) { state = seed }

    /// Returns the next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Returns that many bytes.
    public mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    /// Splits off a generator whose numbers are independent of this one's later numbers.
    public mutating func split() -> SplitMix64 { SplitMix64(seed: next()) }
}
