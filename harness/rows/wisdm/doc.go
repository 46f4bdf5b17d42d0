// Package wisdm knows the rows that flow through the pipeline: how the WISDM
// dataset writes them, how hoplab carries them as JSON, how rows of the same
// shape are generated, and what every hop must therefore hold (the oracle).
//
// The dataset is "WISDM Smartphone and Smartwatch Activity and Biometrics"
// (UCI 507, DOI 10.24432/C5HK59). Its timestamp is nanoseconds since the
// device booted, although its documentation calls it Unix time, so hoplab
// carries that raw number untouched and a rebased event time beside it.
package wisdm
