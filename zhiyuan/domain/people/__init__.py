"""Who somebody is: names, telephones, identity numbers, login by phone and code, consent, guardians.

Words: *person* (anybody with an account), *code* (six digits sent to a phone), *second factor* (a staff
member's authenticator), *consent* (to one purpose, in one version), *guardian* (who answers for somebody under
18).
"""
