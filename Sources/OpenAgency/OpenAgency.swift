// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

@_exported public import AgencyCore
@_exported public import AgencyDeclaration
@_exported public import AgencyEnactment
@_exported public import AgencyJudgment
@_exported public import AgencyLedger
@_exported public import AgencyPerformers
@_exported public import AgencyReport
@_exported public import AgencyRuntime
@_exported public import AgencySchema
@_exported public import EnactmentHTTP
#if Postgres
@_exported public import LedgerPostgres
#endif
@_exported public import LedgerSQLite
