// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// In what form the bytes of an artefact are stored.
enum ArtefactForm: Int64 {
    /// As they are.
    case whole = 0
    /// As a recipe of chunks.
    case recipe = 1
}
