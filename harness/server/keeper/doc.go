// Package keeper owns a run's components in a process of its own. A stack can so be
// shared by the test binaries of one `go test`, outlive the command that started it
// (`lab run --keep`), and be taken down no matter how that command ended.
//
// A keeper has a folder, by which its clients find it, and an owner, a process whose
// end is also the keeper's. Clients ask it over HTTP on loopback, with a token that
// only its folder holds:
//
//	POST /ensure   ["kafka", …]  start these where they aren't started yet
//	GET  /state                  what runs where, and what has failed
//	POST /disown                 go on without an owner
//	POST /stop                   end every component; answers when that is done
package keeper
