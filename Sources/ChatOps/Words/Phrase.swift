/// The keys of the catalogue of words. Every language has a template for each.
enum Phrase: String, Sendable, CaseIterable {
  // What everything shares
  case stateRunning, statePaused, stateHalted, stateLocked, stateDegraded, sideLong, sideShort
  case long, short, buy, sell, unknown, none, allEngines, lockPaused, lockHalted, lockDay
  case lockFlagFile, lockPanic, lockSince, lockUntil, linkAccount, linkPrices, linkLiquidations
  case linkChat, linkIsDown, neverHeard, seconds, minutes, hours, days, milliseconds, months
  case usdt, partOf, andMore, positionsCount, roleViewer, roleOperator, roleOwner, buttonRefresh
  case buttonPositions, buttonPnL, buttonStatus, buttonHealth, buttonPauseAll, buttonResume
  case buttonStayPaused, buttonClose, buttonCloseOne, buttonOne, buttonCloseAllOf
  case buttonCloseShare, buttonCloseCount, buttonCloseAndPauseModule, buttonCloseAndPauseAll
  case buttonLosersOnly, buttonKeep, buttonKeepStops, buttonKeepBareOne, buttonKeepBare
  case buttonFlatten, buttonGoOn, buttonStopTrading, buttonPanic, buttonUnlock, buttonStayLocked
  case buttonTryAgain, buttonRunNow, buttonShowAgain, buttonUndo, buttonBack, buttonRisk

  // Reading
  case equityToday, equityWithoutDay, equityUnknown, toStop, toTarget, warnAt, exposure
  case positionsUnknown
  case ordersAndExits, marginUnknown, noPositions, positionsSum, withoutStop, modules, noModules
  case moduleIdle, links, storeOK, storeFailing, asOf, profitLine, profitUnknown, exitsLine
  case liquidationLine, noStopOnExchange, openFor, stopConfirmed, stopNotConfirmed, pnlTitle
  case dayUnknown, baselineRow, realisedRow, unrealisedRow, feesRow, fundingRow, netRow
  case equityRow, baselineLate, noTrades, tradesWonLost, bestTrade, worstTrade, byModule
  case worstCase, worstUnknown, worstWithout, riskMargin, riskExposure, riskDay, riskLargest
  case riskLeverage, riskDayUnknown, riskNext, riskAt, riskMarginAction, riskMove, riskCooldown
  case riskMarginSum, riskMarginRate, riskMaintenance
  case riskSizes, riskOnePosition, riskEntries, riskStartLoss
  case versionRow, upFor, linkUpMark, linkDownMark, restTime, clockRow, storeRow, storeRowOK
  case storeRowFailing, megabytes, chatRow, pollAge, queued, alertsRow, firing, allowlistTitle
  case allowlistEmpty, allowlistChangedBy, whoAmI, whoAmIIDs, helpTitle, helpIntroduction, helpTopic
  case controlIs, controlRow
  case guardIs, guardRow, guardIsReady, guardIsStale, guardIsAbsent, guardHasTheChat
  case otherRow, otherNote, helpAliases, helpNothingOn, ago, stopFired, stopReached, targetFired,
    targetReached
  case topicLook, topicClose, topicStop, topicSettings

  // Commands and their life
  case statusSummary, statusUsage, positionsSummary, positionsUsage, pnlSummary, pnlUsage
  case riskSummary, riskUsage
  case closeSummary, closeUsage, pauseSummary, pauseUsage, resumeSummary, resumeUsage
  case killSummary, killUsage, panicSummary, panicUsage, unlockSummary, unlockUsage
  case allowlistSummary, allowlistUsage, allowSummary, allowUsage, denySummary, denyUsage
  case healthSummary, healthUsage, helpSummary, helpUsage, whoAmISummary, whoAmIUsage
  case pairSummary, pairUsage, notADuration, notAShare, notAModule, notASymbol, unknownCommand
  case unknownSymbol, notAllowedToRole, slowDown
  case guardCan
  case notRunStale, pairedAlready, paired, notPaired, toastOldButton, toastOnlyIssuer
  case toastTooLate, toastUnderWay, notDone, notClosed, notPaused, notResumed, notStopped
  case noPanic, notUnlocked, notAllowed, notDenied, notDoneExpired, notDoneSize, notDoneGone
  case notDoneOpened, notDoneLocks, notDoneRestarted, unknownAfterRestart, kept, allowedSymbols
  case alreadyIn, nothingToAllow, allowlistNow, activeNow, allowedUntil, denied, deniedUntil
  case nothingToDeny, notOnList, stillOpenOne, stillOpenNamed, done, working, paused
  case unlockedStillPaused
  case pausedUntil, resumed, unlocked, unlockedStillHalted, byAt, joined, engineSilent,
    notRecordedNote
  case refusedNotFlat, refusedAccountUnknown, refusedLocked, refusedFlagFile
  case refusedNothingToUnlock, refusedNotPaused, refusedNotRecorded

  // Previews and reports
  case closeUnknown, closeUnknownIn
  case nothingOpen, nothingOpenIn, noLosers, noWinners, closeWhich, closeOne, closeSeveral
  case closeOrder, closeEstimate, stopAt, targetAt, alsoCancels, moduleStaysOn, shareOfEach
  case closeRaised
  case sumLine, accountNotReadSince, validFor, resumeTitle, resumeEffect, killTitle, killModules
  case killPositionsSafe, killPositionsBare, killQuestion, panicTitle, panicEffect
  case panicLongterm
  case panicPositions, panicStops, panicLock, unlockTitle, unlockEquity, unlockEquityOnly
  case unlockStays, unlockStopGuards, unlockStopSpent, unlockTargetSpent, unlockReason, closing,
    itemClosing
  case itemClosed, itemNoAnswer, itemTryingAgain, itemWasFlat, closed, closedPart
  case closedUnverified, closedSeveral, closedSeveralUnverified, notClosedSeveral, closedFills
  case closedFillsExit, closedSum, closedSumExit, netOfFees, netOfExitFees, lessFunding,
    plusFunding,
    fundingOfTrip, slippage, flatConfirmed, noOrdersLeft, restVerified, alreadyFlat, dustLeft
  case stillOpen, notClosedBecause, stopStillInPlace, panicBy, flattenBegan, phaseModulesOff
  case phaseCancel, phaseClose, phaseVerify, phaseLock, phaseReport, leftToClose
  case flatConfirmedAt, flattenCounts, closesResult, closesResultAndDay, staysOff
  case staysOffUntilBoth, staysOffUntilDay, leftOne, notFlat, notFlatUnverified, failureOf
  case halted, failureCoded, failureRateLimited, failureUnreachable, failureNoAnswer
  case failureClock, failureUnauthorised, failureMalformed, failureBalance, failureQuantity
  case failurePrice, failureNotional, failureReduceOnly, failureDuplicate, failureOrderNotFound
  case failureNotModified, failureTriggerPassed, failurePositionMode, failureNotTrading
  case failureUnknownSymbol, failureLeverage, failureMarginMode, failureTooManyOrders
  case failurePositionLimit, failureServerBusy, failureOther

  // Alerts and the way out
  case imCut, imCutDone, imCutPartly, imUnblocked, imStuck, imCloseAll, imCloseAllAfter
  case dayLimitWaits, dayLimitWaitsUnread, startLoss, balanceLow, balanceEnough, clockOff,
    clockStops, clockRight
  case imWarn, imLargest, imNormal, dayNear, dayStop, dayTarget, dayEnded, newDay, orderFailing
  case ordersFailing, ordersFailingTogether, ordersCalm, opened, closedPosition
  case liquidated, liquidatedPosition, liquidatedAdvice, exitByPerson, exitByCommand, exitByLimits
  case closeFailed
  case stopMissing, emergencyClose, stopNotMoved, stopSet, linkDown, feedStale, feedStaleOfTwo
  case linkUp, accountUnknown
  case accountKnown, startedVersion, startedPositions, startedState, downPlanned, downCrashed
  case inFlight, stopping, lockEnded, pauseEnded, haltEnded, mismatch, reconciled, storeAlert,
    storeWorks, chatConflict, leverageLowered, controlAbsent, controlReady
  case guardTook, guardRestarting, mainDied, mainHung, mainStopped, mainNotStarted, guardStops
  case guardAbsent, guardReady, restartLoop, startedGuarded
  case memoryLost, stranger, late, mayBeRepeat, expiredNotices
}
