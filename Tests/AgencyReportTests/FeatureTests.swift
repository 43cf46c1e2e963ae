// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if !hasFeature(ExistentialAny)
#error("ExistentialAny is off")
#endif
#if !hasFeature(InternalImportsByDefault)
#error("InternalImportsByDefault is off")
#endif
#if !hasFeature(MemberImportVisibility)
#error("MemberImportVisibility is off")
#endif
#if !hasFeature(NonisolatedNonsendingByDefault)
#error("NonisolatedNonsendingByDefault is off")
#endif
#if !hasFeature(InferIsolatedConformances)
#error("InferIsolatedConformances is off")
#endif
