// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// When an append may return.
public enum Durability: String, Sendable, Hashable, Codable, CaseIterable {
    /// When what was appended outlives a power cut. Intents, observations and choices are never less.
    case full
    /// When what was appended has its place in the order of appends; it outlives a power cut only some moments later.
    ///
    /// For what can be had again without an effect, such as an episode. Whatever is lost in a crash is the end of the
    /// record: an append is never durable before those that came before it.
    case relaxed
}
