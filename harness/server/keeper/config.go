package keeper

import (
	"time"

	"hoplab.example/harness/server/runtime"
)

// RoleName is the name under which a program that starts keepers has to offer
// [Role] to reexec.Run.
const RoleName = "keeper"

// Config describes a keeper.
type Config struct {
	// Dir is the run's folder; its base is the run's name.
	Dir string `json:"dir"`
	// Cache is the folder of downloads.
	Cache string `json:"cache"`
	// Runtime is "local" (the default), "containers" or "attach".
	Runtime string `json:"runtime,omitempty"`
	// Stack names the stack whose versions run; "" is the default one.
	Stack string `json:"stack,omitempty"`
	// Attach is the path of the file of addresses, for the runtime "attach".
	Attach string `json:"attach,omitempty"`
	// Secure: components that can, require a login. The keeper makes the
	// passwords, and [Client.Access] reads them.
	Secure bool `json:"secure,omitempty"`
	// Long: the run is to be long and busy; see component.Site.
	Long bool `json:"long,omitempty"`
	// NoClassData: JVMs neither use nor make archives of their classes. Only the local
	// runtime knows it, to measure what they save.
	NoClassData bool `json:"no_class_data,omitempty"`
	// Owner is the process whose end ends the keeper; 0 for none.
	Owner int `json:"owner"`
	// Ports fixes ports, by "component.port".
	Ports map[string]int `json:"ports,omitempty"`
}

// State is what a keeper knows.
type State struct {
	PID        int                        `json:"pid"`
	Runtime    string                     `json:"runtime"`
	Stack      string                     `json:"stack"`
	Started    time.Time                  `json:"started"`
	Owner      int                        `json:"owner,omitempty"`
	Components map[string]*ComponentState `json:"components"`
}

// ComponentState is what a keeper knows of one component.
type ComponentState struct {
	runtime.State
	Hint  string            `json:"hint,omitempty"`  // what to do about State.Error
	Ports map[string]string `json:"ports,omitempty"` // name to host:port
	Peers map[string]string `json:"peers,omitempty"` // name to host:port, as other components reach it
	Log   string            `json:"log,omitempty"`   // path of its log
}

// endpoint is what the folder says of its keeper.
type endpoint struct {
	PID   int    `json:"pid"`
	Addr  string `json:"addr"`
	Token string `json:"token"`
}

const (
	endpointFile = "keeper.json"
	logFile      = "keeper.log"
	lockFile     = "keeper.lock"
	programFile  = "program"
	failedFile   = "failed" // marks a folder whose logs are worth a look
	// removedSuffix follows the path of a folder that somebody has removed while its
	// run was up.
	removedSuffix = ".removed"
)
