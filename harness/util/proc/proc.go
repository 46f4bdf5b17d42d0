// Package proc ends, pauses and inspects processes with their children, on each OS. A
// process that leads such a group was started with [Lead] or [Detach].
package proc
