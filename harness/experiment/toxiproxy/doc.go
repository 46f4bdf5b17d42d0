// Package toxiproxy is the place where connections of a pipeline can be cut or held
// up: toxiproxy's server, as a component of a stack, and what asks it to. It is
// for trying faults; no other stack has it.
package toxiproxy
