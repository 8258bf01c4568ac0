//go:build !linux

package gateway

// NeighbourState is not read on this system yet.
func NeighbourState(int, string) string { return "" }
