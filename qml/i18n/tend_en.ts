<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<!-- English needs only its plurals. -->
<TS version="2.1" language="en">
<context>
    <name>Calendar</name>
    <message numerus="yes"><source>%n minute(s) ago</source>
        <translation><numerusform>%n minute ago</numerusform><numerusform>%n minutes ago</numerusform></translation></message>
    <message numerus="yes"><source>%n hour(s) ago</source>
        <translation><numerusform>%n hour ago</numerusform><numerusform>%n hours ago</numerusform></translation></message>
</context>
<context>
    <name>tend::Words</name>
    <message numerus="yes"><source>%n note(s) wait on this phone</source>
        <translation><numerusform>%n note waits on this phone</numerusform><numerusform>%n notes wait on this phone</numerusform></translation></message>
    <message numerus="yes"><source>%n note(s) wait on this laptop</source>
        <translation><numerusform>%n note waits on this laptop</numerusform><numerusform>%n notes wait on this laptop</numerusform></translation></message>
    <message numerus="yes"><source>%n thing(s) need you</source>
        <translation><numerusform>%n thing needs you</numerusform><numerusform>%n things need you</numerusform></translation></message>
    <message numerus="yes"><source>The server answers, but takes nothing; Tend began anew. Your %n note(s) are safe here.</source>
        <translation><numerusform>The server answers, but takes nothing; Tend began anew. Your note is safe here.</numerusform><numerusform>The server answers, but takes nothing; Tend began anew. Your %n notes are safe here.</numerusform></translation></message>
    <message numerus="yes"><source>Your %n note(s) are safe here. You can keep working.</source>
        <translation><numerusform>Your note is safe here. You can keep working.</numerusform><numerusform>Your %n notes are safe here. You can keep working.</numerusform></translation></message>
</context>
<context>
    <name>TodayPage</name>
    <message numerus="yes"><source>Today, %n row(s)</source>
        <translation><numerusform>Today, %n customer</numerusform><numerusform>Today, %n customers</numerusform></translation></message>
</context>
<context>
    <name>CustomersPage</name>
    <message numerus="yes"><source>Customers, %n row(s)</source>
        <translation><numerusform>%n customer</numerusform><numerusform>%n customers</numerusform></translation></message>
</context>
</TS>
