// Package guard is the room of the dead man's switch: a detached process that
// takes a fix back unless a person confirms it over the path the fix changed.
//
// It is not built yet. Until it is, package fixes refuses every fix that
// touches the link or route which carries the SSH session (see
// fixes/session.go), and a fix that nobody confirmed is taken back by the
// next fixes.Engine.Recover.
//
// What it will stand on is there: the journal's marks are made by link(2)
// from files that were allocated beforehand, so a guard can decide on a full
// disk, and whoever links first has decided; intents carry the boot ID and
// the process that applied them.
package guard
