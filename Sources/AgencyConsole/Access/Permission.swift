// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What it takes to be answered; every route names one.
enum Permission: String, Sendable, CaseIterable {
    /// Reading runs.
    case see
    /// Asking the explainer, filing an option, pausing and stopping: what holds work back and sets nothing going.
    case hold
    /// Saying what became of what was forecast, which records and mandates rest on.
    case settle
    /// Choosing, and everything that lets work go on or changes what it is for.
    case choose
    /// Who may come in.
    case administer
}

extension Account.Role {
    /// What it lets a person do.
    var grants: Set<Permission> {
        switch self {
        case .reader: [.see]
        case .chooser: [.see, .hold, .settle, .choose]
        case .admin: [.see, .hold, .settle, .choose, .administer]
        }
    }
}

extension ProgramToken {
    /// What a program may do: never choose, and never let go on what a person holds.
    var grants: Set<Permission> {
        var grants: Set<Permission> = [.see]
        if mayHold { grants.insert(.hold) }
        if maySettle == true { grants.insert(.settle) }
        return grants
    }
}
