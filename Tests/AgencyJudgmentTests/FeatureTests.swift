// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if !hasFeature(ExistentialAny) || !hasFeature(InternalImportsByDefault) || !hasFeature(MemberImportVisibility)
#error("An upcoming feature is misspelt in Package.swift.")
#endif
#if !hasFeature(NonisolatedNonsendingByDefault) || !hasFeature(InferIsolatedConformances)
#error("An upcoming feature is misspelt in Package.swift.")
#endif
