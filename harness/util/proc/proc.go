// Package proc ends, pauses and looks at processes together with those that they
// have started, in each system's way. A process that leads such a group was started
// with [Lead] or [Detach].
package proc
