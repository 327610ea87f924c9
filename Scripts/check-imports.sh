#!/usr/bin/env bash
# Checks every import in Sources against the dependencies that Package.swift declares, that these lie on floors below, that
# no source file passes 300 lines and no room 4,000, and that each room has a README that names its tests. The package
# manager's own check misses imports that are reachable through a dependency.
set -euo pipefail
cd "$(dirname "$0")/.."

perl -we '
  use strict;
  use File::Find;
  open my $package, "<", "Package.swift" or die "Package.swift: $!\n";
  my $text = do { local $/; <$package> };
  my ($floors) = split /\n    \.testTarget\(/, $text;
  my (@failures, %floor, $level);
  for my $part (split /\n    (?=\/\/ Floor |\.(?:target|executableTarget|systemLibrary)\()/, $floors) {
    $level++ if $part =~ /^\/\/ Floor /;
    $floor{$1} = $level if $part =~ /^\.\w+\(\s*name: "(\w+)"/;
  }
  # Still to be divided.
  my %long = ();
  my %system = map { $_ => 1 } qw(Foundation FoundationXML Glibc Darwin Dispatch Synchronization);
  for my $part (split /\.(?=target\(|executableTarget\(|testTarget\()/, $text) {
    next unless $part =~ /^(?:target|executableTarget)\(\s*name: "(\w+)"/;
    my $target = $1;
    # Test support lies under Tests and may use every floor.
    next if $part =~ /path: "Tests\//;
    my ($list) = $part =~ /dependencies: \[(.*?)\](?=[,)])/s;
    # Products of other packages stand by their own name; what comes after "package:" is not a module.
    ($list //= "") =~ s/package: "[^"]*"//g;
    my %allowed = %system;
    $allowed{$1} = 1 while $list =~ /"([\w-]+)"/g;
    for my $below (grep { exists $floor{$_} } sort keys %allowed) {
      next if $floor{$below} < $floor{$target} || ($floor{$target} == 1 && $floor{$below} == 1);
      push @failures, "Package.swift: $target depends on $below, which is on no floor below it";
    }
    my $room = 0;
    find({ no_chdir => 1, wanted => sub {
      return unless /\.(?:swift|c|cpp|h)$/;
      open my $file, "<", $_ or die "$_: $!\n";
      my $lines = 0;
      while (my $line = <$file>) {
        $lines++;
        next unless /\.swift$/ && $line =~ /^\s*(?:@\w+\s+)?import\s+(?:(?:struct|enum|class|func|protocol)\s+)?(\w+)/;
        push @failures, "$_:$lines: $target may not import $1" unless $allowed{$1};
      }
      push @failures, "$_: $lines lines, the ceiling is 300" if $lines > 300 && !$long{$_};
      $room += $lines;
    }}, "Sources/$target");
    push @failures, "Sources/$target: $room lines, the ceiling of a room is 4000" if $room > 4000;
    # A shim for a system library shares the page of all rooms.
    my $page = "Sources/$target/README.md";
    $page = "Sources/README.md" unless $part =~ /exclude: \[[^\]]*"README.md"/;
    open my $readme, "<", $page or push @failures, "$page: $!";
    my $says = $readme ? do { local $/; <$readme> } : "";
    push @failures, "$page does not name $target, or not where its tests are"
      unless $says =~ /\b$target\b/ && $says =~ /[Tt]ests/;
  }
  print "$_\n" for @failures;
  exit(@failures ? 1 : 0);
'
